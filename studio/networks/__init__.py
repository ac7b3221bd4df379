"""Teachers and students, one family a file. Importing this package registers them in the catalogue, small to large."""

# imported in the order of the catalogue: from plain to deep
# isort: off
from studio.networks import mlp, cnn, shallow, convnet, nin, maxout, fitnet, vgg, svd_vgg
from studio.networks import resnet, resnet_bottleneck, wrn, pyramidnet, resnext, densenet
from studio.networks import mobilenet_v1, mobilenet_v2, svd_mobilenet, shufflenet
from studio.networks import ensemble, recast, recast_form, cut
from studio.networks.zoo import torchvision_family, timm_family
from studio.networks import network_model  # the kind of model they all are
# isort: on

__all__ = [
    "cnn",
    "convnet",
    "cut",
    "densenet",
    "ensemble",
    "fitnet",
    "maxout",
    "mlp",
    "mobilenet_v1",
    "mobilenet_v2",
    "network_model",
    "nin",
    "pyramidnet",
    "recast",
    "recast_form",
    "resnet",
    "resnet_bottleneck",
    "resnext",
    "shallow",
    "shufflenet",
    "svd_mobilenet",
    "svd_vgg",
    "timm_family",
    "torchvision_family",
    "vgg",
    "wrn",
]
