"""Steps without gradients that systems are made of, one a file. Importing this package registers them."""

from studio.methods.procedures import born_again_growth as born_again_growth
from studio.methods.procedures import fit_cart as fit_cart
from studio.methods.procedures import fit_library as fit_library
from studio.methods.procedures import fit_student as fit_student
from studio.methods.procedures import fit_trees as fit_trees
from studio.methods.procedures import label_cases as label_cases
from studio.methods.procedures import make_cases as make_cases
