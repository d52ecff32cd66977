"""Defines the valid values of section `train` of params.yaml; the ablations use it too."""

from ferd.study.params import Spec

TRAIN_SPECS = {
    "seed": Spec(int, 0, 2**31 - 1),
    "exclude_test_copies": Spec(bool),
    "validation_fraction": Spec(float, 0.02, 0.5),
    "epochs": Spec(int, 1, 1000),
    "batch_size": Spec(int, 1, 4096),
    "learning_rate": Spec(float, 1e-7, 1.0),
    "schedule": Spec(str, choices=("cosine", "plateau", "constant")),
    "warmup_epochs": Spec(int, 0, 100),
    "plateau_factor": Spec(float, 0.01, 0.99),
    "plateau_patience": Spec(int, 1, 1000),
    "early_stopping_patience": Spec(int, 1, 1000),
    "batch_norm_momentum": Spec(float, 0.0, 0.9999),
    "l2": Spec(float, 0.0, 1.0),
    "block_dropout": Spec(float, 0.0, 0.95, many=True, length=4, repeats=True),
    "dense_dropout": Spec(float, 0.0, 0.95, many=True, length=2, repeats=True),
    "class_weights": Spec(str, choices=("none", "balanced", "sqrt")),
    "flip": Spec(bool),
    "rotation_degrees": Spec(float, 0.0, 180.0),
    "precision": Spec(str, choices=("auto", "float32", "bfloat16")),
}
