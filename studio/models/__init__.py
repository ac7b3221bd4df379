"""What can answer inputs, be measured, kept and teach: more than networks. Importing this package registers its kinds."""

from studio.models import average_model as average_model
from studio.models import learners as learners
from studio.models import library_model as library_model
from studio.models import tree_model as tree_model
from studio.models import voting_model as voting_model
