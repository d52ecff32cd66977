"""Scores an exported network that was trained on annotator votes, by the annotators' votes."""

import hashlib

import numpy as np

from ferd.classes import CLASSES
from ferd.dataset.parts.copy_groups import copy_groups, has_copy
from ferd.dataset.parts.votes import top_answers
from ferd.export.export_scores import parity, score_by_copy
from ferd.export.exported import answers, open_onnx
from ferd.scoring.calibration import apply_temperature
from ferd.scoring.evaluation import score_part
from ferd.scoring.scores import per_class
from ferd.scoring.vote_shares import compare_shares, fit_temperature, shares_of, votes_on
from ferd.training.core.trained import probabilities

MANY = 9  # of ten annotators: almost all of them


def score_annotators(content, model, faces, targets, settings):
    """Scores an ONNX file by annotator votes and compares it with its Keras network.

    Args:
        content: The file's bytes.
        model: `keras.Model`, input `(batch, size, size, 1)`, output `(batch, 7)`.
        faces: `ferd.training.recipes.data.RecipeFaces`, images of shape `(faces, size, size)`.
        targets: As in `ferd.scoring.vote_shares.votes_on`.
        settings: Dict of `batch_size`, `votes` (as `wanted` in `clear_annotators`), `bins`,
            `draws` and `seed`.

    Returns:
        Dict: `sha256`, `bytes`, `parity` on the test faces; `test` (`score_clear` of the clear test
        faces), `per_class` by majority label on them; `labels`
        (`ferd.export.export_scores.score_by_copy`, by the labels, of all test faces);
        `calibration` (`score_shares`).
    """
    run = open_onnx(content)
    held_out, tested = (
        answers(run, part.images, settings["batch_size"]).astype("float64")
        for part in (faces.validation, faces.test)
    )
    reference = probabilities(model, faces.test.images, settings["batch_size"]).astype("float64")
    votes = [votes_on(part, targets) for part in (faces.validation, faces.test)]
    clear = clear_annotators(votes[1], settings["votes"])
    said, given = clear[clear >= 0], tested[clear >= 0].argmax(axis=1)
    return {
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "parity": parity(faces.test.classes, reference, tested),
        "test": score_clear(faces, clear, votes[1], tested, settings),
        "per_class": per_class(said, given),
        "labels": score_by_copy(faces, tested.argmax(axis=1), settings["draws"], settings["seed"]),
        "calibration": score_shares(votes, (held_out, tested), settings["bins"]),
    }


def clear_annotators(votes, wanted):
    """Index of the majority label of clear faces.

    Args:
        votes: From `ferd.scoring.vote_shares.votes_on`.
        wanted: Votes of ten annotators for one class that make a face clear.

    Returns:
        Integers, shape `(faces,)`; -1 with fewer votes, or for none of the seven classes.
    """
    top = top_answers(votes)
    place = top["answer"].map({name: index for index, name in enumerate(CLASSES)})
    return place.where(top["votes"] >= wanted).fillna(-1).astype(int).to_numpy()


def score_clear(faces, clear, votes, tested, settings):
    """Accuracy by majority label on the clear test faces and on parts of these.

    Args:
        faces: `RecipeFaces`.
        clear: From `clear_annotators`, of the test faces.
        votes: From `ferd.scoring.vote_shares.votes_on`, of the test faces.
        tested: Probabilities, shape `(faces, 7)`.
        settings: As in `score_annotators`.

    Returns:
        Dict of part, of those that have faces, to `ferd.scoring.evaluation.score_part` and
        `one_person`: agreement of a single annotator with the majority, which includes the
        annotator's own vote. Parts are `all` the clear ones, `without_copy` and `with_copy` (a copy
        in train), `near_all` (nine or ten annotators agree), `as_labelled` (the majority label is
        the label) and `contradicted`.
    """
    copied, most = has_copy(faces.test, faces.train), votes[list(CLASSES)].max(axis=1).to_numpy()
    alone = most / votes.sum(axis=1).to_numpy()
    same, is_clear, groups = (
        clear == faces.test.classes,
        clear >= 0,
        copy_groups().loc[faces.test.names],
    )
    parts = {
        "all": is_clear,
        "without_copy": is_clear & ~copied,
        "with_copy": is_clear & copied,
        "near_all": is_clear & (most >= MANY),
        "as_labelled": is_clear & same,
        "contradicted": is_clear & ~same,
    }
    said, given = np.array(CLASSES)[clear], np.array(CLASSES)[tested.argmax(axis=1)]
    bootstrap = settings["draws"], settings["seed"]
    return {
        part: score_part(said[mask], given[mask], groups.to_numpy()[mask], *bootstrap)
        | {"one_person": float(alone[mask].mean())}
        for part, mask in parts.items()
        if mask.any()
    }


def score_shares(votes, answers, bins):
    """Compares probabilities with vote shares, before and after a temperature.

    Args:
        votes: Of validation and test, from `ferd.scoring.vote_shares.votes_on`.
        answers: Probabilities of both, shape `(faces, 7)`.
        bins: As in `ferd.scoring.vote_shares.share_error`.

    Returns:
        Dict: `faces` (test faces with a vote for a class), `temperature` (fitted on validation),
        and `compare_shares` of the test faces `before` and `after` it; the same for a constant
        prediction of validation's mean shares (`mean_shares`), and for the shares themselves
        (`annotators`: the least possible cross-entropy).
    """
    (held_shares, held), (shares, tested) = (
        (found[weight > 0], given[weight > 0])
        for (found, weight), given in zip(map(shares_of, votes), answers, strict=True)
    )
    temperature = fit_temperature(held_shares, held)
    constant = np.broadcast_to(held_shares.mean(axis=0), shares.shape)
    compared = {
        "before": tested,
        "after": apply_temperature(tested, temperature),
        "mean_shares": constant,
        "annotators": shares,
    }
    scores = {name: compare_shares(shares, given, bins) for name, given in compared.items()}
    return {"faces": len(shares), "temperature": temperature, **scores}
