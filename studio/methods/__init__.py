"""Ways to distil, one a file. Importing this package registers them; their pure losses can be used in any loop."""

# imported in the order of the catalogue: from the outputs inwards
# isort: off
from studio.methods import none, logits, kd, fitnet, at, ab
from studio.methods import fsp, ft, rkd, ofd, svd, flow
from studio.methods import grad_at, jacobian, bss
from studio.methods import sp, cc, pkt, vid, nst, crd, dkd, reviewkd, dist, ickd, logit_std
from studio.methods.parts import composed_method
# isort: on

from studio.methods.ab import activation_agreement, activation_boundary_loss, activation_boundary_total
from studio.methods.at import attention_loss
from studio.methods.bss import boundary_weights
from studio.methods.cc import correlation_loss
from studio.methods.crd import contrastive_loss
from studio.methods.dist import dist_loss
from studio.methods.dkd import decoupled_kd_loss
from studio.methods.fitnet import annealed_weight, hint_loss
from studio.methods.fsp import fsp_loss
from studio.methods.ft import factor_loss
from studio.methods.grad_at import input_gradient_loss
from studio.methods.ickd import channel_correlation_loss
from studio.methods.jacobian import jacobian_loss
from studio.methods.logit_std import standardised_kd_loss
from studio.methods.logits import logit_loss
from studio.methods.nst import selectivity_loss
from studio.methods.objectives.flow_matrices import fsp_matrix
from studio.methods.ofd import partial_l2, relu_margin
from studio.methods.ops.attention_maps import attention_map
from studio.methods.ops.boundary_walk import boundary_samples, select_base_samples
from studio.methods.ops.clipping import clip_to_task
from studio.methods.ops.logit_losses import centred_logit_loss, kd_loss, soft_cross_entropy
from studio.methods.pkt import probabilistic_loss
from studio.methods.reviewkd import hierarchical_context_loss
from studio.methods.rkd import angle_loss, distance_loss
from studio.methods.sp import similarity_loss
from studio.methods.svd import singular_loss
from studio.methods.vid import variational_loss

__all__ = [
    "ab",
    "activation_agreement",
    "activation_boundary_loss",
    "activation_boundary_total",
    "angle_loss",
    "annealed_weight",
    "at",
    "attention_loss",
    "attention_map",
    "boundary_samples",
    "boundary_weights",
    "bss",
    "cc",
    "centred_logit_loss",
    "channel_correlation_loss",
    "clip_to_task",
    "composed_method",
    "contrastive_loss",
    "correlation_loss",
    "crd",
    "decoupled_kd_loss",
    "dist",
    "dist_loss",
    "distance_loss",
    "dkd",
    "factor_loss",
    "fitnet",
    "flow",
    "fsp",
    "fsp_loss",
    "fsp_matrix",
    "ft",
    "grad_at",
    "hierarchical_context_loss",
    "hint_loss",
    "ickd",
    "input_gradient_loss",
    "jacobian",
    "jacobian_loss",
    "kd",
    "kd_loss",
    "logit_loss",
    "logit_std",
    "logits",
    "none",
    "nst",
    "ofd",
    "partial_l2",
    "pkt",
    "probabilistic_loss",
    "relu_margin",
    "reviewkd",
    "rkd",
    "select_base_samples",
    "selectivity_loss",
    "similarity_loss",
    "singular_loss",
    "soft_cross_entropy",
    "sp",
    "standardised_kd_loss",
    "svd",
    "variational_loss",
    "vid",
]
