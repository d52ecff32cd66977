"""Counts the arithmetic of a training, and estimates its time on one GPU.

Reference:
    - AI and Compute, Amodei and Hernandez, 2018 (https://openai.com/index/ai-and-compute): two
      operations per multiply-add, and the backward pass twice the forward one
"""

from ferd.study.markdown import markdown

OPERATIONS = 2 * 3
# Assumed, not measured: some percent of one current GPU's bfloat16 rate, since layers as small as
# these are limited by memory and by the start of each kernel.
GPU_RATE = 1e13


def operations(network, epochs):
    """Floating-point operations of a training.

    Args:
        network: Dict of `multiply_adds` (of one face) and `train_faces`, and with teachers
            `teacher_multiply_adds` (of one face, all of them).
        epochs: Number of epochs.
    """
    # A teacher has a forward pass and no backward one.
    each = OPERATIONS * network["multiply_adds"] + 2 * network.get("teacher_multiply_adds", 0)
    return each * network["train_faces"] * epochs


def finals(headline):
    """The networks of metrics/details/headline.json, by name: its entries with a `network`."""
    return {
        name: found
        for name, found in headline.items()
        if isinstance(found, dict) and "network" in found
    }


def work_table(headline, costs):
    """Markdown: time of each final network's training here, and estimated time on one GPU.

    Args:
        headline: metrics/details/headline.json.
        costs: From `ferd.study.details.read_costs`.
    """
    rows = []
    for stage, scores in finals(headline).items():
        for seed in scores["seeds"]:
            cost = costs[f"{stage}/{seed}"]
            work = operations(scores["network"], cost["epochs"])
            minutes = [cost["training_seconds"] / 60, work / GPU_RATE / 60]
            cells = [f"{work / 1e12:,.0f}", *(f"{value:.1f}" for value in minutes)]
            rows.append([f"`{stage}`, seed {seed}", str(cost["epochs"]), *cells])
    head = ["training", "epochs", "operations, 10^12", "minutes here"]
    return markdown([*head, "minutes on one GPU, at least (estimated)"], rows)
