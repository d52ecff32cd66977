"""Lists the figures that the stage `figures` draws as plots/png/<run>_<table>.png."""

from pathlib import Path

from ferd.study.pipeline import deps_of

# The kinds of tables that can be drawn. A table's name starts with its kind.
KINDS = {
    "leaderboard": "Bars: test and cross-validated accuracy of each model.",
    "history": "Curves by epoch on train and validation.",
    "predictions": "A confusion matrix: a row per true class, a column per predicted class.",
    "agreement": "A curve: share of pairs with the same label, by their correlation.",
    "parts": "Bars with intervals: accuracy of each model with and without a copy in train.",
    "reliability": "Curves: accuracy by confidence, before and after temperature scaling.",
    "risk": "Curves: share of wrong predictions by share of faces that get a prediction.",
}
# A figure without a title here has its name as title.
TITLES = {
    "train_history": "CNN to the letter (Fig. 4)",
    "train_predictions": "CNN to the letter (Fig. 3)",
    "ablation_uncropped_history": "CNN on whole images, to the letter",
    "ablation_uncropped_predictions": "CNN on whole images, all test images, to the letter",
    "ablation_cbam_history": "CNN with CBAM, to the letter",
    "ablation_cbam_predictions": "CNN with CBAM, to the letter",
    "ablation_augment_history": "CNN with differential augmentation, to the letter",
    "ablation_augment_predictions": "CNN with differential augmentation, to the letter",
    "ablation_augment_all_history": "CNN with all classes augmented, to the letter",
    "ablation_augment_all_predictions": "CNN with all classes augmented, to the letter",
    "sqrt_weights_history": "CNN with square-root class weights, to the letter",
    "sqrt_weights_predictions": "CNN with square-root class weights, to the letter",
    "cosine_balanced_history": "CNN with balanced class weights (our recipe)",
    "cosine_balanced_predictions": "CNN with balanced class weights (our recipe)",
    "cosine_history": "CNN (our recipe)",
    "cosine_predictions": "CNN (our recipe)",
    "automl_compare_leaderboard": "Single models, to the letter",
    "automl_voting_predictions_hard": "Hard vote, to the letter",
    "automl_voting_predictions_soft": "Soft vote, to the letter (Fig. 5)",
    "automl_stacking_predictions_stack": "Stack, to the letter (Fig. 6)",
    "ablation_smote_predictions_hard": "Hard vote without SMOTE, to the letter",
    "ablation_smote_predictions_soft": "Soft vote without SMOTE, to the letter",
    "ablation_smote_predictions_stack": "Stack without SMOTE, to the letter",
    "cosine_compare_leaderboard": "Single models (our recipe)",
    "cosine_voting_predictions_hard": "Hard vote (our recipe)",
    "cosine_voting_predictions_soft": "Soft vote (our recipe)",
    "cosine_stacking_predictions_stack": "Stack (our recipe)",
    "cosine_uncropped_history": "CNN on whole images",
    "cosine_uncropped_predictions": "CNN on whole images, all test images",
    "cosine_cbam_history": "CNN with CBAM",
    "cosine_cbam_predictions": "CNN with CBAM",
    "cosine_augment_history": "CNN with differential augmentation",
    "cosine_augment_predictions": "CNN with differential augmentation",
    "cosine_smote_predictions_hard": "Hard vote without SMOTE",
    "cosine_smote_predictions_soft": "Soft vote without SMOTE",
    "cosine_smote_predictions_stack": "Stack without SMOTE",
    "audit_agreement": "Similar images: where near copies begin",
    "cosine_precision_history": "CNN in float32",
    "cosine_precision_predictions": "CNN in float32",
    "cosine_copies_history": "CNN trained without copies of test images",
    "cosine_copies_predictions": "CNN trained without copies of test images",
    "evaluate_parts": "Test faces with and without a copy in train",
    "evaluate_reliability": "Reliability on the detected test faces",
    "evaluate_risk_coverage": "Error when the least confident predictions are left out",
}


def drawn_figures(plots="plots"):
    """Finds the tables that are drawn: those in the folders that the stage `figures` depends on.

    Args:
        plots: The folder of all tables.

    Returns:
        Dict of a figure's name (`<run>_<table>`) to the path of its table, in the order of the
        deps.
    """
    found = {}
    for dep in deps_of("figures"):
        if not dep.startswith("plots/"):
            continue
        run = dep.removeprefix("plots/")
        for path in _drawn_tables(Path(plots, run)):
            found[f"{run.replace('/', '_')}_{path.stem}"] = path
    return found


def kind_of(table):
    """The kind of a table, a key of `KINDS`, by its name; None if it is not drawn."""
    kind = table.split("_")[0]
    return kind if kind in KINDS else None


def title_of(figure):
    """The title of a figure, by its name."""
    return TITLES.get(figure, figure.replace("_", " "))


def _drawn_tables(folder):
    """The tables of a run that are drawn."""
    paths = [path for path in sorted(folder.glob("*.csv")) if kind_of(path.stem)]
    # Of single models that are compared with each other, the comparison alone is drawn.
    compared = [path for path in paths if kind_of(path.stem) == "leaderboard"]
    return compared or paths
