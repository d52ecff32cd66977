"""The arithmetic behind a training, and so what it would take on other machines.

Reference:
    - AI and Compute, Amodei and Hernandez, 2018 (https://openai.com/index/ai-and-compute): two
      operations a multiply-add, and the backward pass twice the forward one
"""

from ferd.tables import markdown

OPERATIONS = 2 * 3
# Assumed, not measured: some percent of what one current GPU can do in bfloat16, since layers as
# small as these are bound by memory and by the start of each kernel.
GPU_RATE = 1e13


def operations(network, epochs):
    """Floating-point operations of a training.

    Args:
        network: Dict of `multiply_adds` (of one face) and `train_faces`, and where other networks
            taught it `teacher_multiply_adds` (of one face, all of them).
        epochs: Times that each face is shown.
    """
    # A teacher answers only: its forward pass, and none back.
    each = OPERATIONS * network["multiply_adds"] + 2 * network.get("teacher_multiply_adds", 0)
    return each * network["train_faces"] * epochs


def work_table(headline, costs):
    """Markdown: what each training of a final network took here and would take on one GPU.

    Args:
        headline: metrics/headline.json.
        costs: Dict of stage to its metrics/cost file; `<stage>/<seed>` of these stages.
    """
    rows = []
    for stage, scores in headline.items():
        for seed in scores.get("seeds", {}):
            cost = costs[f"{stage}/{seed}"]
            work = operations(scores["network"], cost["epochs"])
            minutes = [cost["training_seconds"] / 60, work / GPU_RATE / 60]
            cells = [f"{work / 1e12:,.0f}", *(f"{value:.1f}" for value in minutes)]
            rows.append([f"`{stage}`, seed {seed}", str(cost["epochs"]), *cells])
    head = ["training", "epochs", "teraflop", "minutes here", "minutes on one GPU, at least"]
    return markdown(head, rows)
