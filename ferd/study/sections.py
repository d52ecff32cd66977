"""Models of the sections of params.yaml, and the list of all of them."""

from ferd.study import ensemble_sections as ensembles
from ferd.study import train_sections as training
from ferd.study.recipe_sections import RECIPES, VIEWS, Recipe
from ferd.study.values import BATCH_SIZE, SEED, Section, flag, integer, many, number


class Fetch(Section):
    """Reading the source's images."""

    max_pixels: integer(1)
    max_bad_images: integer(0)


class Crop(Section):
    """Face detection and cropping."""

    face_size: integer(24, 224)
    figure_columns: integer(1, 20)
    levels: many(integer(0, 3))


class Audit(Section):
    """The search for copies and the annotator votes."""

    near_correlation: number(0.5, 1.0)
    ferplus: flag()


class Live(Section):
    """What is shown of a running training."""

    enabled: flag()


class Predict(Section):
    """Prediction with a trained network."""

    batch_size: BATCH_SIZE


class Sampling(Section):
    """Draws of faces outside of training, and the bootstrap."""

    seed: SEED
    bootstrap_draws: integer(100, 100000)


class Evaluate(Section):
    """The calibration error."""

    bins: integer(2, 100)


class Seeds(Section):
    """Intervals of the mean over seeds."""

    confidence: number(0.5, 0.999)


class Agreement(Section):
    """Scores by the annotators' majority labels."""

    votes: integer(1, 10)


class Explain(Section):
    """The comparison of explanation maps."""

    faces: integer(1, 100000)


class Export(Section):
    """The exported files and their timing."""

    calibration_faces: integer(1, 65536)
    batch_size: BATCH_SIZE
    timed_faces: integer(1, 65536)


class ExportImproved(Section):
    """The exported file of the improved network."""

    views: VIEWS


class CopySensitivity(Section):
    """The correlations from which an image counts as a copy."""

    correlations: many(number(0.5, 1.0))


class Redraws(Section):
    """Redraws of the test images of four classes."""

    draws: integer(100, 100000)


class Figures(Section):
    """The figures of the documents."""

    dpi: integer(30, 600)


class Report(Section):
    """The HTML page."""

    mistakes_per_pair: integer(1, 100)


SECTIONS = {
    "fetch": Fetch,
    "crop": Crop,
    "audit": Audit,
    "train": training.Train,
    "live": Live,
    "predict": Predict,
    "automl": ensembles.Automl,
    "automl_compare": ensembles.AutomlCompare,
    "automl_voting": ensembles.AutomlVoting,
    "automl_stacking": ensembles.AutomlStacking,
    **training.VARIANTS,
    **{section: model for section, (model, _) in training.CHANGES.items()},
    "ablation_smote": ensembles.AblationSmote,
    "cosine_automl": ensembles.CosineAutoml,
    "few_faces": ensembles.FewFaces,
    "sampling": Sampling,
    "evaluate": Evaluate,
    "seeds": Seeds,
    "copy_sensitivity": CopySensitivity,
    "redraws": Redraws,
    "recipe": Recipe,
    **{section: model for section, (model, _) in RECIPES.items()},
    "agreement": Agreement,
    "explain": Explain,
    "export": Export,
    "export_improved": ExportImproved,
    "figures": Figures,
    "report": Report,
}
