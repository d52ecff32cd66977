"""The final networks over their seeds: each one's score, spread, average, and tests against others.

Reference:
    - Simple and Scalable Predictive Uncertainty Estimation using Deep Ensembles
      (https://arxiv.org/abs/1612.01474), Lakshminarayanan et al., 2017, for the average
"""

import numpy as np

from ferd.recipe_augment import views_of
from ferd.seeds import averaged, compare_models, score_table, spread


def seed_scores(tables, groups, draws, seed):
    """Scores trainings that differ in their seed, and their average.

    Args:
        tables: Dict of seed to DataFrame of `ferd.results.prediction_table`, of the same images.
        groups: Series of image name to the number of its group of copies.
        draws, seed: As in `ferd.uncertainty.accuracy_interval`.

    Returns:
        Dict: `seeds` (seed to `score_part`); of two seeds or more also `spread` (of their
        accuracies, as `ferd.seeds.spread`) and `average` (`score_part` of the mean probabilities).
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
        As `ferd.seeds.compare_models`: `improved` less every other model, and of
        two seeds or more `improved, averaged` less `improved` and less every other, and
        `improved, seed <seed>`, of each seed but the first, less every other.
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
    """Multiply-adds of the networks that taught another one, for each face it was trained on.

    Args:
        settings: A recipe's section of params.yaml.
        sizes: The teachers' metrics, dicts of `multiply_adds`.
    """
    return sum(one["multiply_adds"] for one in sizes) if settings.get("distillation") else 0


def package_scores(peers):
    """Accuracy on all of PrivateTest of every package that has been measured on it.

    Args:
        peers: `peers` of benchmarks/results.json.

    Returns:
        Dict of package to accuracy; ours is trained on some of these images and not among them.
    """
    found = {name: one.get("crops_private_test") for name, one in peers["accuracy"].items()}
    return {name: accuracy for name, accuracy in found.items() if accuracy is not None}


def views_averaged(settings):
    """How many views of a face a network is asked for one answer: it costs as many times its work.

    Args:
        settings: A recipe's section of params.yaml.
    """
    forms = 2 if settings["view"].startswith("both") else 1
    face = np.zeros((1, forms, settings["crop_size"], settings["crop_size"]))
    return len(views_of(face, settings["crop_size"], settings["views"]))
