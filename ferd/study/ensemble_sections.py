"""Models of the sections that fit models with PyCaret."""

from pydantic import model_validator

from ferd.study.values import SEED, Section, choice, flag, integer, many, number

# PyCaret's names of the models that may be compared.
MODELS = (
    *("et", "rf", "lightgbm", "ridge", "lr", "lda"),
    *("gbc", "xgboost", "catboost", "knn", "nb", "svm"),
)
NO_PROBABILITIES = ("ridge", "svm")
METHODS = ("hard", "soft")


class Automl(Section):
    """What all fits of PyCaret have in common."""

    seed: SEED
    fix_imbalance: flag()
    folds: integer(1, 20)
    fold_groups: choice("none", "near")
    tune: flag()


class AutomlCompare(Section):
    """The comparison of single models."""

    folds: integer(2, 20)
    tune_iterations: integer(1, 1000)
    tune_minutes: number(0, 10000)
    models: many(choice(*MODELS))
    tune_models: many(choice(*MODELS))

    @model_validator(mode="after")
    def _only_compared_models_are_tuned(self):
        absent = [name for name in self.tune_models if name not in self.models]
        if absent:
            raise ValueError(f"tune_models has {', '.join(absent)}, which models has not")
        return self


class AutomlVoting(Section):
    """The vote of single models."""

    models: many(choice(*MODELS))
    methods: many(choice(*METHODS))

    @model_validator(mode="after")
    def _two_models_per_vote(self):
        for method in self.methods:
            out = () if method == "hard" else NO_PROBABILITIES
            count = len(set(self.models) - set(out))
            if count < 2:
                raise ValueError(
                    f"a {method} vote needs two models that can cast it; here: {count}"
                )
        return self


class AutomlStacking(Section):
    """The stack over single models."""

    meta_model: choice(*MODELS)
    inner_folds: integer(2, 20)
    passthrough: flag()
    models: many(choice(*MODELS))


class CompareRun(AutomlCompare, Automl):
    """Merged settings of the comparison."""


class VotingRun(AutomlVoting, Automl):
    """Merged settings of a vote."""


class StackingRun(AutomlStacking, Automl):
    """Merged settings of a stack."""


class AblationSmote(Section):
    """Ensembles without SMOTE; true would compare the stage with itself."""

    fix_imbalance: choice(False)


class CosineAutoml(Section):
    """Ensembles on the features of the run cosine."""

    tune: flag()
    fold_groups: choice("none", "near")


class FewFaces(Section):
    """Ensembles fitted on a tenth of the faces."""

    folds: integer(1, 20)


# The models of the merged settings of each kind of fit, and the sections that change some of them.
ENSEMBLES = {
    "automl_compare": CompareRun,
    "automl_voting": VotingRun,
    "automl_stacking": StackingRun,
}
ENSEMBLE_CHANGES = ("ablation_smote", "cosine_automl", "few_faces")
