"""Ways to distil, one a file. Importing this package registers them; their pure losses can be used in any loop."""

# A line a method, in the order of the catalogue: from the outputs inwards. Importing its public losses registers it.
# isort: off
from studio.methods import none as none
from studio.methods.logits import logit_loss as logit_loss
from studio.methods import kd as kd
from studio.methods.born_again import born_again_loss as born_again_loss, confidence_weights as confidence_weights
from studio.methods.fitnet import annealed_weight as annealed_weight, hint_loss as hint_loss
from studio.methods.at import attention_loss as attention_loss
from studio.methods.ab import (
    activation_agreement as activation_agreement,
    activation_boundary_loss as activation_boundary_loss,
    activation_boundary_total as activation_boundary_total,
)
from studio.methods.fsp import fsp_loss as fsp_loss
from studio.methods.ft import factor_loss as factor_loss
from studio.methods.rkd import angle_loss as angle_loss, distance_loss as distance_loss
from studio.methods.ofd import partial_l2 as partial_l2, relu_margin as relu_margin
from studio.methods.svd import singular_loss as singular_loss
from studio.methods import flow as flow
from studio.methods.grad_at import input_gradient_loss as input_gradient_loss
from studio.methods.jacobian import jacobian_loss as jacobian_loss
from studio.methods.bss import boundary_weights as boundary_weights
from studio.methods.sp import similarity_loss as similarity_loss
from studio.methods.cc import correlation_loss as correlation_loss
from studio.methods.pkt import probabilistic_loss as probabilistic_loss
from studio.methods.vid import variational_loss as variational_loss
from studio.methods.nst import selectivity_loss as selectivity_loss
from studio.methods.crd import contrastive_loss as contrastive_loss
from studio.methods.dkd import decoupled_kd_loss as decoupled_kd_loss
from studio.methods.reviewkd import hierarchical_context_loss as hierarchical_context_loss
from studio.methods.dist import dist_loss as dist_loss
from studio.methods.ickd import channel_correlation_loss as channel_correlation_loss
from studio.methods.logit_std import standardised_kd_loss as standardised_kd_loss
from studio.methods import recast as recast
from studio.methods.parts import composed_method as composed_method
from studio.methods import procedures as procedures

# What several methods are made of, public as well.
from studio.models.mean_answers import ensemble_probabilities as ensemble_probabilities
from studio.methods.objectives.block_difference import block_loss as block_loss
from studio.methods.objectives.flow_matrices import fsp_matrix as fsp_matrix
from studio.methods.ops.attention_maps import attention_map as attention_map
from studio.methods.ops.boundary_walk import (
    boundary_samples as boundary_samples,
    select_base_samples as select_base_samples,
)
from studio.methods.ops.clipping import clip_to_task as clip_to_task
from studio.methods.ops.logit_losses import (
    centred_logit_loss as centred_logit_loss,
    kd_loss as kd_loss,
    soft_cross_entropy as soft_cross_entropy,
)
