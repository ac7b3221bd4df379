"""Ways to distil, one a file. Importing this package registers them; their pure losses can be used in any loop."""

# imported in the order of the catalogue: from the outputs inwards
# isort: off
from studio.methods import none, logits, kd, fitnet, at, ab
# isort: on

from studio.methods.ab import activation_agreement, activation_boundary_loss, activation_boundary_total
from studio.methods.at import attention_loss, attention_map
from studio.methods.fitnet import annealed_weight, hint_loss
from studio.methods.kd import kd_loss, soft_cross_entropy
from studio.methods.logits import centred_logit_loss, logit_loss

__all__ = [
    "ab",
    "activation_agreement",
    "activation_boundary_loss",
    "activation_boundary_total",
    "annealed_weight",
    "at",
    "attention_loss",
    "attention_map",
    "centred_logit_loss",
    "fitnet",
    "hint_loss",
    "kd",
    "kd_loss",
    "logit_loss",
    "logits",
    "none",
    "soft_cross_entropy",
]
