"""Models of the sections that train the paper's network: `train`, its variants and ablations."""

from pydantic import model_validator

from ferd.study.values import (
    GROUPS,
    PRECISION,
    SEED,
    Section,
    choice,
    differences,
    flag,
    integer,
    many,
    number,
)


class Train(Section):
    """The training of the paper's CNN; its variants use it too."""

    seed: SEED
    validation_fraction: number(0.02, 0.5)
    validation_fold: integer(0, 49)
    validation_groups: GROUPS
    epochs: integer(1, 1000)
    batch_size: integer(1, 4096)
    learning_rate: number(1e-7, 1.0)
    schedule: choice("cosine", "plateau", "constant")
    warmup_epochs: integer(0, 100)
    plateau_factor: number(0.01, 0.99)
    plateau_patience: integer(1, 1000)
    early_stopping_patience: integer(1, 1000)
    batch_norm_momentum: number(0.0, 0.9999)
    l2: number(0.0, 1.0)
    class_weights: choice("none", "balanced", "sqrt")
    flip: flag()
    rotation_degrees: number(0.0, 180.0)
    precision: PRECISION
    block_dropout: many(number(0.0, 0.95), length=4, repeats=True)
    dense_dropout: many(number(0.0, 0.95), length=2, repeats=True)


class AblationUncropped(Section):
    """Whole images instead of cropped faces."""

    train_on: choice("all", "detected")


class AblationCbam(Section):
    """Attention after each block."""

    reduction_ratio: integer(1, 64)
    kernel_size: choice(1, 3, 5, 7, 9)


class AblationAugment(Section):
    """Stronger augmentation of the rare classes."""

    rare_share: number(0.0, 10.0)
    rotation_degrees: number(0.0, 180.0)
    zoom: number(0.0, 0.9)
    shift: number(0.0, 0.9)
    brightness: number(0.0, 1.0)


class TrainRun(Train):
    """The merged settings of one training of the paper's CNN."""

    exclude_test_copies: flag() = False

    @model_validator(mode="after")
    def _the_fold_is_one_of_those_there_are(self):
        folds = round(1 / self.validation_fraction)
        if self.validation_fold >= folds:
            raise ValueError(
                f"validation_fold is {self.validation_fold}; "
                f"validation_fraction {self.validation_fraction} has folds 0 to {folds - 1}"
            )
        return self


# Sections that change what a training of the paper's CNN does, and the change that they describe.
CHANGES = {
    "ablation_uncropped": (AblationUncropped, "uncropped"),
    "ablation_cbam": (AblationCbam, "cbam"),
    "ablation_augment": (AblationAugment, "augment"),
    "ablation_augment_all": (differences("AblationAugmentAll", AblationAugment), "augment"),
}
# Sections that change keys of `train`. One that dvc.yaml names and that is not here needs no line.
VARIANT = differences("Variant", TrainRun)
VARIANTS = {
    "cosine": VARIANT,
    "train_search": VARIANT,
    "sqrt_weights": differences("SqrtWeights", TrainRun, class_weights=choice("sqrt")),
    "cosine_balanced": differences("CosineBalanced", TrainRun, class_weights=choice("balanced")),
    "cosine_precision": differences("CosinePrecision", Train, precision=PRECISION),
    "cosine_copies": differences("CosineCopies", TrainRun, exclude_test_copies=choice(True)),
}
