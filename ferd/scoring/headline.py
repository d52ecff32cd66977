"""Scores the final networks over their seeds: scores, spread, average, tests against others.

Reference:
    - Simple and Scalable Predictive Uncertainty Estimation using Deep Ensembles
      (https://arxiv.org/abs/1612.01474), Lakshminarayanan et al., 2017, for the average
"""

import numpy as np

from ferd.scoring.seeds import spread
from ferd.scoring.tables import averaged, compare_models, score_table
from ferd.training.recipes.augment import views_of


def seed_scores(tables, groups, draws, seed):
    """Scores trainings that differ in their seed, and their average.

    Args:
        tables: Dict of seed to DataFrame of `ferd.study.base.results.prediction_table`, of the same
            images.
        groups: Series of image name to the number of its group of copies.
        draws, seed: As in `ferd.scoring.uncertainty.accuracy_interval`.

    Returns:
        Dict: `seeds` (seed to `score_part`); with two seeds or more also `spread` (of their
        accuracies, as `ferd.scoring.seeds.spread`) and `average` (`score_part` of the mean
        probabilities).
    """
    found = {str(key): score_table(table, groups, draws, seed) for key, table in tables.items()}
    scores = {"seeds": found}
    if len(tables) > 1:
        scores["spread"] = spread([one["accuracy"] for one in found.values()])
        together = averaged(list(tables.values()))
        scores["average"] = score_table(together, groups, draws, seed)
    return scores


def compare_improved(tables, others, parts, groups, draws, seed):
    """Tests the improved network against the study's, on the same faces.

    Args:
        tables: As in `seed_scores`; the first seed's network is the one compared with all, the
            others with all that is not made of the first one itself.
        others: Dict of model to DataFrame with every image of the tables.
        parts: Dict of part to the set of its images' names.
        groups, draws, seed: As in `seed_scores`.

    Returns:
        As `ferd.scoring.tables.compare_models`: `improved` minus every other model; with two seeds
        or more also `improved, averaged` minus `improved` and minus every other, and
        `improved, seed <seed>`, for each further seed, minus every other.
    """
    first, *later = tables
    models = {"improved": tables[first]}
    if later:
        models["improved, averaged"] = averaged(list(tables.values()))
    pairs = [(ours, name) for ours in models for name in others]
    pairs += [(name, "improved") for name in models if name != "improved"]
    again = {f"improved, seed {seed}": tables[seed] for seed in later}
    foreign = [name for name in others if not name.startswith("improved")]
    pairs += [(ours, name) for ours in again for name in foreign]
    models |= again
    return compare_models({**models, **others}, pairs, parts, groups, draws, seed)


def teachers_work(settings, sizes):
    """Multiply-adds of the teachers for each training face of their student.

    Args:
        settings: A recipe's section of params.yaml.
        sizes: The teachers' metrics, dicts of `multiply_adds`.
    """
    return sum(one["multiply_adds"] for one in sizes) if settings.get("distillation") else 0


def package_scores(peers):
    """Accuracy on all of PrivateTest of every measured package.

    Args:
        peers: `peers` of benchmarks/results.json.

    Returns:
        Dict of package to accuracy; ours, which was trained on some of these images, is left out.
    """
    found = {name: one.get("crops_private_test") for name, one in peers["accuracy"].items()}
    return {name: accuracy for name, accuracy in found.items() if accuracy is not None}


def package_agreement(measured):
    """How often each measured package agrees with FER+'s annotators, on PrivateTest's clear faces.

    Args:
        measured: `peers_annotators` of benchmarks/results.json, or None if it has not been run.

    Returns:
        Dict of package to its measured scores and its version; the networks made here are left out.
    """
    if measured is None:
        return {}
    return {
        name: scores | {"version": measured["facts"][name]["version"]}
        for name, scores in measured["accuracy"].items()
        if not name.startswith("ferd")
    }


def views_averaged(settings):
    """How many views of a face a network averages: a prediction costs as many times its work.

    Args:
        settings: A recipe's section of params.yaml.
    """
    face = np.zeros((1, settings["crop_size"], settings["crop_size"]))
    return len(views_of(face, settings["crop_size"], settings["views"]))
