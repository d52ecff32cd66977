"""Writes what the study cannot say, for docs/results.md: its limits, with their size."""

from ferd.report.model_names import shown
from ferd.report.number_text import percent, points
from ferd.report.results.results_tables import LETTER, OURS_IN_TEXT, scores_of
from ferd.scoring.claim_list import CLAIMS
from ferd.scoring.redraws import DRAWN

# Of Kaggle's own 111 test images of disgust our test set has at least so many: the only ones of the
# drawn classes that are known to be the same (docs/reproduction.md).
SAME_DISGUST = 100
# The models that the claims are about, but for the CNN itself, which has several runs.
CLAIMED = {name for claim in CLAIMS for name in (claim.first, claim.second)} - {"cnn"}


def limits(metrics):
    """Markdown bullets; those whose stages have not run are left out.

    Args:
        metrics: From `ferd.study.details.read_details`.
    """
    parts = (other_test_set, other_copies, single_runs, not_run, annotators)
    return [f"- {text}" for text in (part(metrics) for part in parts) if text]


def other_test_set(metrics):
    """How far our test images can differ from the paper's, and what another draw would change."""
    sentences = []
    # Images that are not FER2013's have no paper to differ from.
    if "fetch" in metrics and not any(metrics["fetch"]["paper_difference"]["test"].values()):
        images = metrics["fetch"]["images"]["test"]
        other = sum(images[name] for name in DRAWN) - SAME_DISGUST
        share = percent(other / images["all"], 0)
        sentences.append(
            f"Which images of {_list(DRAWN)} the paper tested on is not known. Ours were drawn at "
            f"random, so at most {other:,} of the {images['all']:,} test images ({share}%) differ "
            "from the paper's."
        )
    if "redraws" in metrics:
        found = metrics["redraws"]
        low, high = percent(found["low"]), percent(found["high"])
        sentences.append(
            "If the faces of these classes alone are drawn again from our test and validation "
            f"faces, {OURS_IN_TEXT}, first seed, has an accuracy of {low} to {high}% in 95% of "
            f"{found['draws']:,} draws. If none of our faces of these classes were kept, the 95% "
            "interval of its accuracy would be "
            f"±{percent(found['full_redraw']['half_width'])} points."
        )
    return _bullet("Another draw of the test set", sentences)


def other_copies(metrics):
    """What another definition of a copy would change."""
    found = metrics.get("copy_sensitivity", {})
    leads = [entry["difference"] for entry in found.values() if "difference" in entry]
    if not leads:
        return ""
    return _bullet(
        "Another definition of a copy",
        [
            "An image counts as a copy if its gray levels correlate strongly enough with those of "
            f"another. If {min(found, key=float)} to {max(found, key=float)} is the least "
            f"correlation, the lead of `improved` over {OURS_IN_TEXT} on test faces without a copy "
            f"is {points(min(leads), 2)} to {points(max(leads), 2)} points (means over seeds)."
        ],
    )


def single_runs(metrics):
    """The models that were trained once."""
    names = [LETTER] if len(scores_of(metrics, LETTER)) == 1 else []
    for family, words in (("letter", " to the letter"), ("cosine", " (our recipe)")):
        scored = metrics.get("claims", {}).get(family, {}).get("detected", {}).get("accuracy", {})
        single = [name for name, one in scored.items() if one["seeds"] == 1 and name in CLAIMED]
        names += [shown(name) + words for name in single]
    networks = metrics.get("agreement", {}).get("private_test", {}).get("networks", {})
    names += [shown(name) for name, one in networks.items() if len(one["seeds"]) == 1]
    if not names:
        return ""
    return _bullet(
        "Another seed of models with one run",
        [f"How much another seed would change their scores is not known: {_list(names)}."],
    )


def not_run(metrics):
    """The claims that were not tested with the paper's own settings."""
    tested = metrics.get("claims", {}).get("letter", {}).get("detected", {}).get("claims", {})
    missing = [f'"{claim.text}"' for claim in CLAIMS if claim.pair not in tested]
    sentences = []
    if not scores_of(metrics, LETTER):
        sentences.append(f"The {LETTER} has not been run.")
    if len(missing) == len(CLAIMS):
        sentences.append(f"None of the {len(CLAIMS)} claims was tested by the paper's settings.")
    elif missing:
        sentences.append(f"Not tested by the paper's settings: {' '.join(missing)}")
    return _bullet("The paper's own settings", sentences)


def annotators(metrics):
    """How far FER2013's labels can be trusted."""
    clear = metrics.get("agreement", {}).get("detected", {}).get("clear", {})
    if not clear.get("one_person"):
        return ""
    differ = percent(clear["contradicted"] / clear["faces"])
    return _bullet(
        "Which expression a face shows",
        [
            f"On the {clear['faces']:,} test faces with a majority label, FER2013's label is "
            f"another one for {differ}%, and a single annotator chooses the majority label for "
            f"{percent(clear['one_person']['all'])}% (their own vote included). A small gain by "
            "FER2013's labels need not be a better recognition of expressions."
        ],
    )


def _bullet(title, sentences):
    return f"**{title}.** {' '.join(sentences)}" if sentences else ""


def _list(names):
    return f"{', '.join(names[:-1])} and {names[-1]}" if names[1:] else names[0]
