"""Defines the valid values of a recipe: search, improved, benchmark_fer2013 and compact."""

from ferd.study.params import Spec

# On fewer than 16 channels oneDNN writes the kernel gradient of a strided 1x1 convolution past its
# memory (https://github.com/uxlfoundation/oneDNN/issues/6035): on a batch with an odd number of
# faces on CPUs with AVX-512, on fewer than 8 channels on all. From 16 on, no batch is mishandled.
NARROWEST = {
    "low": 16,
    "high": 2048,
    "reason": "on fewer channels oneDNN computes wrong gradients or crashes",
}

RECIPE_SPECS = {
    "seed": Spec(int, 0, 2**31 - 1),
    "split": Spec(str, choices=("paper", "official")),
    "view": Spec(str, choices=("crops", "whole", "whole_detected", "both", "both_detected")),
    "validation_fraction": Spec(float, 0.02, 0.5),
    "exclude_test_copies": Spec(bool),
    "targets": Spec(str, choices=("labels", "ferplus")),
    "stem": Spec(int, **NARROWEST),
    "stem_stride": Spec(int, 1, 2),
    "widths": Spec(int, many=True, repeats=True, **NARROWEST),
    "blocks": Spec(int, 1, 100, many=True, repeats=True),
    "squeeze_excitation": Spec(float, 0.0, 1.0),
    "batch_norm_momentum": Spec(float, 0.0, 0.9999),
    "dropout_rate": Spec(float, 0.0, 0.95),
    "epochs": Spec(int, 1, 1000),
    "batch_size": Spec(int, 1, 4096),
    "optimizer": Spec(str, choices=("sgd", "adamw")),
    "learning_rate": Spec(float, 1e-7, 10.0),
    "warmup_epochs": Spec(int, 0, 100),
    "weight_decay": Spec(float, 0.0, 1.0),
    "sharpness": Spec(float, 0.0, 10.0),
    "sharpness_epochs": Spec(int, 0, 1000),
    "average": Spec(float, 0.0, 0.99999),
    "label_smoothing": Spec(float, 0.0, 0.9),
    "mixup": Spec(float, 0.0, 10.0),
    "crop_size": Spec(int, 8, 224),
    "initial_size": Spec(int, 0, 224),
    "full_size_epochs": Spec(int, 0, 1000),
    "flip": Spec(bool),
    "rotation_degrees": Spec(float, 0.0, 180.0),
    "zoom": Spec(float, 0.0, 0.9),
    "brightness": Spec(float, 0.0, 1.0),
    "contrast": Spec(float, 0.0, 1.0),
    "erasing": Spec(float, 0.0, 1.0),
    "views": Spec(str, choices=("centre", "flip", "ten")),
    "precision": Spec(str, choices=("auto", "float32", "bfloat16")),
}
