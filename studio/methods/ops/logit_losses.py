"""Losses of the logits that several methods use."""

from __future__ import annotations

from torch import Tensor
from torch.nn.functional import kl_div, log_softmax, softmax

from studio.methods.ops.precision import full_precision


def kd_loss(student_logits: Tensor, teacher_logits: Tensor, temperature: float) -> Tensor:
    """T² times the divergence of the softened answers, averaged over the batch: T²/B Σ_b KL(p_t ‖ p_s).

    p = softmax(logits / T). T² keeps the gradient's size as T grows: it is T (p_s − p_t) / B.

    Args:
        student_logits: (B, K).
        teacher_logits: (B, K); receives no gradient.
        temperature: T > 0; 1 leaves the answers as they are, more evens them out.

    Returns:
        0-dim, float32 or the input's float64.

    Source: Hinton et al., "Distilling the knowledge in a neural network", 2015.

    Example:
        >>> from torch import tensor
        >>> student, teacher = tensor([[3.0, 1.0]]).log(), tensor([[1.0, 1.0]]).log()  # surer, 3 : 1, than the teacher, 1 : 1
        >>> round(kd_loss(student, teacher, temperature=1.0).item(), 4)  # ½ log(½ / ¾) + ½ log(½ / ¼)
        0.1438
    """
    student = log_softmax(full_precision(student_logits) / temperature, dim=1)
    teacher = log_softmax(full_precision(teacher_logits).detach() / temperature, dim=1)
    return temperature**2 * kl_div(student, teacher, reduction="batchmean", log_target=True)


def soft_cross_entropy(student_logits: Tensor, teacher_logits: Tensor, temperature: float) -> Tensor:
    """Cross-entropy of the softened answers, averaged over the batch, without T²: −1/B Σ_b Σ_k p_t log p_s.

    Its gradient is that of :func:`kd_loss` divided by T²; its least value is the teacher's entropy. Arguments as there.

    Example:
        >>> from torch import tensor
        >>> round(soft_cross_entropy(tensor([[2.0, 2.0]]), tensor([[9.0, 0.0]]), temperature=3.0).item(), 4)  # −log ½
        0.6931
    """
    student = log_softmax(full_precision(student_logits) / temperature, dim=1)
    teacher = softmax(full_precision(teacher_logits).detach() / temperature, dim=1)
    return -(teacher * student).sum(1).mean()


def centred_logit_loss(student_logits: Tensor, teacher_logits: Tensor) -> Tensor:
    """Ten times the mean squared difference of logits whose mean over the classes was taken off, sample by sample.

    A common offset of all logits changes no probability, and is not copied.

    Args:
        student_logits: (B, K).
        teacher_logits: (B, K); receives no gradient.

    Returns:
        0-dim, float32 or the input's float64.

    Source: the transfer-learning loss in the code of Heo et al., "Knowledge transfer via distillation of activation
    boundaries formed by hidden neurons", AAAI 2019.

    Example:
        >>> from torch import tensor
        >>> centred_logit_loss(tensor([[1.0, 3.0]]), tensor([[7.0, 7.0]])).item()  # −1 and 1 against 0 and 0
        10.0
    """
    student, teacher = full_precision(student_logits), full_precision(teacher_logits).detach()
    difference = (teacher - teacher.mean(1, keepdim=True)) - (student - student.mean(1, keepdim=True))
    return 10.0 * difference.square().mean()
