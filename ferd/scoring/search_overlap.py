"""Counts test images of the paper's split that recipes were chosen with, and scores without them.

The stage `search` trains on FER2013's Training. The paper's test set is drawn from all of FER2013,
so part of its images are among those.
"""

from ferd.dataset.parts.official_split import official_parts
from ferd.scoring.headline import seed_scores
from ferd.scoring.tables import compare_models


def search_overlap(audit, detected, cnn, improved, groups, draws, seed):
    """Scores the CNN and the improved network on test faces inside and outside of Training.

    Args:
        audit: Test rows of data/audit.csv, from `ferd.scoring.evaluation.read_audit`.
        detected: Set of the names of the test images with a detected face.
        cnn: The CNN's predictions, DataFrame of `ferd.study.base.results.prediction_table`.
        improved: Dict of seed to the improved network's predictions.
        groups, draws, seed: As in `ferd.scoring.headline.seed_scores`.

    Returns:
        Dict: `test_images` and, of these, `in_training`; for `seen` (detected faces that are in
        Training) and `unseen` (the other detected faces) the scores of `cnn` and `improved`
        (`seed_scores`) and `tests` of the first seed of improved less the CNN.

    Raises:
        SystemExit: As `ferd.dataset.parts.official_split.official_parts`.
    """
    inside = set(audit.index[official_parts(audit.index)["train"]])
    parts = {"seen": detected & inside, "unseen": detected - inside}
    found = {"test_images": len(audit), "in_training": len(inside)}
    models = {"improved": next(iter(improved.values())), "cnn": cnn}
    tests = compare_models(models, [("improved", "cnn")], parts, groups, draws, seed)
    for part, pairs in tests.items():
        tables = {number: only(table, parts[part]) for number, table in improved.items()}
        found[part] = {
            "cnn": seed_scores({"first": only(cnn, parts[part])}, groups, draws, seed),
            "improved": seed_scores(tables, groups, draws, seed),
            "tests": pairs,
        }
    return found


def only(table, names):
    """The rows of some images, in their order."""
    return table[table["name"].isin(names)].reset_index(drop=True)
