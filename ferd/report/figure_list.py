"""Lists the figures that the stage `figures` draws as plots/png/<stage>_<table>.png."""

from ferd.study.pipeline import deps_of

# (stage, table, title); the kind of figure follows from the table's name.
FIGURES = (
    ("train", "history", "CNN (Fig. 4)"),
    ("train", "predictions", "CNN (Fig. 3)"),
    ("automl_compare", "leaderboard", "Single models on the CNN's features"),
    ("automl_voting", "predictions_hard", "Hard vote"),
    ("automl_voting", "predictions_soft", "Soft vote (Fig. 5)"),
    ("automl_stacking", "predictions", "Stack (Fig. 6)"),
    ("ablation_uncropped", "history", "CNN on whole images"),
    ("ablation_uncropped", "predictions", "CNN on whole images, all test images"),
    ("ablation_cbam", "history", "CNN with CBAM"),
    ("ablation_cbam", "predictions", "CNN with CBAM"),
    ("ablation_augment", "history", "CNN with differential augmentation"),
    ("ablation_augment", "predictions", "CNN with differential augmentation"),
    ("ablation_smote", "predictions_voting_hard", "Hard vote without SMOTE"),
    ("ablation_smote", "predictions_voting_soft", "Soft vote without SMOTE"),
    ("ablation_smote", "predictions_stacking", "Stack without SMOTE"),
    ("audit", "agreement", "Similar images: where near copies begin"),
    ("ablation_precision", "history", "CNN in float32"),
    ("ablation_precision", "predictions", "CNN in float32"),
    ("ablation_copies", "history", "CNN trained without copies of test images"),
    ("ablation_copies", "predictions", "CNN trained without copies of test images"),
    ("evaluate", "parts", "Test faces with and without a copy in train"),
    ("evaluate", "reliability", "Reliability on the detected test faces"),
    ("evaluate", "risk_coverage", "Error when the least confident predictions are left out"),
)


def drawn_figures():
    """Those of `FIGURES` whose table the stage `figures` reads: a part of the study draws fewer."""
    tables = set(deps_of("figures"))
    return [
        (stage, table, title)
        for stage, table, title in FIGURES
        if f"plots/{stage}/{table}.csv" in tables
    ]
