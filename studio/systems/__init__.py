"""Ways that take more than one training, one a file. Importing this package registers them."""

# A line a system, in the order people should see them.
# isort: off
from studio.systems import ban as ban
from studio.systems import assistant as assistant
from studio.systems import ba_tree as ba_tree
from studio.systems import compress as compress
