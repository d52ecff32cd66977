"""Models of the sections of the residual networks' recipes.

`Recipe` has every key of a residual network's recipe. A section of differences has the same keys,
all optional, and may name another section as its base.
"""

from pydantic import create_model, model_validator

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

# On fewer than 16 channels oneDNN writes the kernel gradient of a strided 1x1 convolution past its
# memory (https://github.com/uxlfoundation/oneDNN/issues/6035): on a batch with an odd number of
# faces on CPUs with AVX-512, on fewer than 8 channels on all. From 16 on, no batch is mishandled.
CHANNELS = integer(16, 2048, "on fewer channels oneDNN computes wrong gradients or crashes")
VIEWS = choice("centre", "flip", "ten")


class Recipe(Section):
    """Every key of a residual network's recipe."""

    split: choice("paper", "official")
    input_form: choice("crops", "whole", "whole_detected")
    validation_fraction: number(0.02, 0.5)
    validation_fold: integer(0, 49)
    validation_groups: GROUPS
    targets: choice("labels", "ferplus")
    stem_stride: integer(1, 2)
    squeeze_excitation: number(0.0, 1.0)
    batch_norm_momentum: number(0.0, 0.9999)
    dropout_rate: number(0.0, 0.95)
    epochs: integer(1, 1000)
    batch_size: integer(1, 4096)
    learning_rate: number(1e-7, 10.0)
    warmup_epochs: integer(0, 100)
    weight_decay: number(0.0, 1.0)
    average: number(0.0, 0.99999)
    label_smoothing: number(0.0, 0.9)
    crop_size: integer(8, 224)
    flip: flag()
    rotation_degrees: number(0.0, 180.0)
    zoom: number(0.0, 0.9)
    brightness: number(0.0, 1.0)
    contrast: number(0.0, 1.0)
    erasing: number(0.0, 1.0)
    views: VIEWS
    precision: PRECISION
    stem: CHANNELS
    widths: many(CHANNELS, repeats=True)
    blocks: many(integer(1, 100), repeats=True)


class RunRecipe(Recipe):
    """A merged recipe with the seed of its run: the settings of one training."""

    seed: SEED

    @model_validator(mode="after")
    def _one_block_count_per_stage(self):
        if len(self.widths) != len(self.blocks):
            raise ValueError(
                f"widths has {len(self.widths)} stages and blocks has {len(self.blocks)}; "
                "they take one value per stage"
            )
        return self


class CopyFreeRunRecipe(RunRecipe):
    """A merged recipe whose network is trained without copies of test images."""

    exclude_test_copies: choice(True)


class TaughtRunRecipe(RunRecipe):
    """A merged recipe whose network learns from the predictions of others."""

    distillation: number(0.0, 1.0)
    teacher: choice("benchmark_gpu")

    @model_validator(mode="after")
    def _teacher_never_saw_the_held_out_faces(self):
        if self.distillation and self.split != "official":
            raise ValueError(
                f"split is '{self.split}'; distillation above 0 takes official, because the "
                f"networks of {self.teacher} were trained on faces that another split holds out"
            )
        return self


class FerplusRunRecipe(RunRecipe):
    """A merged recipe of FER+'s own benchmark, which fixes the faces of each part."""

    targets: choice("ferplus")
    exclude_test_copies: flag() = False
    distillation: number(0.0, 1.0) = 0.0


class MixedRunRecipe(RunRecipe):
    """A merged recipe whose targets are between FER2013's labels and FER+'s votes."""

    label_share: number(0.0, 1.0)


# Section, its model, and the model of its merged recipe. The GPU's stages never score test images,
# so views has no effect there and is refused. FER+'s benchmark fixes faces and views.
GPU = {"without": ("views",)}
COPY_FREE = {"exclude_test_copies": choice(True)}
FERPLUS = {
    "without": (
        *("split", "input_form", "views"),
        *("validation_fraction", "validation_fold", "validation_groups"),
    ),
    "targets": choice("ferplus"),
}
RECIPES = {
    "search": (differences("Search", RunRecipe), RunRecipe),
    "improved": (differences("Improved", RunRecipe), RunRecipe),
    "benchmark_fer2013": (differences("BenchmarkFer2013", RunRecipe), RunRecipe),
    "compact": (differences("Compact", RunRecipe), RunRecipe),
    "compact_ferplus": (differences("CompactFerplus", RunRecipe, "compact"), RunRecipe),
    "compact_copies": (
        differences("CompactCopies", CopyFreeRunRecipe, "compact", **COPY_FREE),
        CopyFreeRunRecipe,
    ),
    "benchmark_ferplus": (
        differences("BenchmarkFerplus", FerplusRunRecipe, "compact", **FERPLUS),
        FerplusRunRecipe,
    ),
    "mixed": (
        differences("Mixed", MixedRunRecipe, "compact", without=("targets",)),
        MixedRunRecipe,
    ),
    "benchmark_gpu": (differences("BenchmarkGpu", RunRecipe, **GPU), RunRecipe),
    "distilled_gpu": (
        differences("DistilledGpu", TaughtRunRecipe, "benchmark_gpu", **GPU),
        TaughtRunRecipe,
    ),
    "compact_gpu": (
        differences("CompactGpu", TaughtRunRecipe, "compact", **GPU),
        TaughtRunRecipe,
    ),
}
# A base has no base itself: dvc.yaml names the sections of a stage, `recipe`, base and own.
BASES = ("recipe", *(name for name, (own, _) in RECIPES.items() if "base" not in own.model_fields))
# A network that dvc.yaml trains and that is not above needs no line here.
FURTHER = differences("Further", RunRecipe, base=None)
FURTHER = create_model("Further", __base__=FURTHER, base=(choice(*BASES), "recipe"))
