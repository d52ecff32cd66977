"""The finding on the CNN that is trained by the paper's own settings."""

from math import hypot, sqrt

from ferd.report import paper_results
from ferd.report.number_text import p_text, percent, points, seeds_text

# Test faces of the paper.
FACES = paper_results.CROP["test"]["found"]


def letter(study):
    """The CNN trained by the paper's own settings, beside the paper's and ours."""
    found = study.metrics["claims"]
    scores = found["letter"]["detected"]["accuracy"]["cnn"]
    test = found["letter_and_cosine"]["detected"]
    paper = study.compared["cnn"]["accuracy"]["paper"]
    title = "The CNN by the paper's own settings cannot be told from the paper's by its accuracy"
    # Both accuracies are estimates from their own test faces.
    reach = hypot(scores["high"] - scores["mean"], 1.96 * sqrt(paper * (1 - paper) / FACES))
    if abs(scores["mean"] - paper) > reach:
        side = "below" if scores["mean"] < paper else "above"
        title = f"The CNN by the paper's own settings is {side} the paper's accuracy"
    first, second = (seeds_text(test[side]) for side in ("first_seeds", "second_seeds"))
    runs = f"{first} each" if first == second else f"{first}, {second}"
    balanced = test["balanced"]
    return title, [
        f"Class weights, ReduceLROnPlateau and EarlyStopping give {percent(scores['mean'])}% "
        f"({percent(scores['low'])} to {percent(scores['high'])}; paper {percent(paper)}%; "
        f"{seeds_text(scores['seeds'])})",
        f"Compared with our recipe this is {points(test['difference'])} points of accuracy, "
        f"{p_text(test['p_faces'])}, and {points(balanced['difference'])} of balanced accuracy, "
        f"{p_text(balanced['p'])} ({runs})",
        *_class_weights(found["cosine"]["detected"]),
        "The paper gives no values for ReduceLROnPlateau and EarlyStopping. With a longer patience "
        "one run had a "
        'higher accuracy: [experiments.md](experiments.md), "The paper\'s CNN"',
    ]


def _class_weights(ours):
    """What balanced class weights alone change in our recipe."""
    test = ours.get("choices", {}).get("cnn, balanced class weights - cnn")
    if not test:
        return []
    balanced = test["balanced"]
    return [
        f"Balanced class weights alone change our recipe by {points(test['difference'])} points of "
        f"accuracy, {p_text(test['p_faces_holm'])}, and {points(balanced['difference'])} of "
        f"balanced accuracy, {p_text(balanced['p_holm'])} ({seeds_text(test['first_seeds'])})"
    ]
