"""The README's results and docs/results.md: every figure of the paper beside ours."""

from ferd import tables
from ferd.agreement_table import agreement_section
from ferd.claims import claims_table
from ferd.headline_table import headline_tables
from ferd.paper_results import CONTRADICTIONS
from ferd.report_tables import headline_parts
from ferd.training_work import GPU_RATE, work_table


def readme_block(compared, variants, metrics, findings=""):
    """The README's results: headline figures, variants, copies in train, and the paper's claims.

    Args:
        compared: From `ferd.comparison.compare`.
        variants: From `ferd.comparison.compare_variants`.
        metrics: Dict of stage to its metrics; asked for `evaluate`, `headline` and `agreement`, any
            of which may be missing.
        findings: Text of docs/findings.md, which says in words what the tables show.
    """
    stages = ("evaluate", "headline", "agreement")
    evaluation, headline, agreement = (metrics.get(stage) for stage in stages)
    parts = headline_tables(headline, evaluation["models"]) if headline and evaluation else []
    parts += agreement_section(agreement)
    parts += [tables.headline_table(compared), tables.variant_table(variants)]
    if evaluation:
        parts.append("Accuracy on test faces with and without a copy (a twin) in train:")
        parts.append(headline_parts(evaluation["models"]))
        parts.append("Which of the paper's claims hold, by exact McNemar tests on the same faces:")
        parts.append(claims_table(evaluation["tests"]))
    if findings:
        parts.append("In short:")
        parts.append(findings.partition("\n")[2].strip())
    return "\n\n".join(parts)


def results_document(compared, variants, costs, metrics):
    """docs/results.md: every figure of the paper beside ours, and what the stages cost.

    Args:
        compared, variants, metrics: As in `readme_block`.
        costs: Dict of stage to its metrics/cost file.
    """
    parts = ["# Results", "Written by `stages/summary.py` from metrics/: do not edit."]
    block = readme_block(compared, variants, metrics)
    parts += [block, *paper_sections(compared)]
    return "\n\n".join([*parts, *cost_sections(costs, metrics.get("headline"))]) + "\n"


def paper_sections(compared):
    """Paragraphs: every table of the paper beside ours, and where the paper contradicts itself."""
    parts = []
    for part in ("cnn", "voting", "stacking"):
        if part in compared:
            parts += [f"## {part}, every figure of the paper", tables.overall_table(compared[part])]
            parts += ["Each cell: paper / ours.", tables.per_class_table(compared[part])]
    parts += ["## Where the paper contradicts itself"]
    return [*parts, "\n".join(f"- {text}" for text in CONTRADICTIONS)]


def cost_sections(costs, headline=None):
    """Paragraphs: what each stage took, on what machine, and the final networks on a GPU.

    Args:
        costs: As in `results_document`.
        headline: metrics/headline.json, if it has been written.
    """
    machines = sorted({f"{cost['machine']}, {cost['cores']} cores" for cost in costs.values()})
    measured = "Measured on: " + "; ".join(machines) + "."
    parts = ["## What each stage took", tables.cost_table(costs), measured]
    if not headline:
        return parts
    return [
        *parts,
        "## What the final networks take to train",
        "Floating-point operations by arithmetic. No GPU was at hand: the last column assumes "
        f"{GPU_RATE / 1e12:.0f} teraflop a second of one and no waiting, so it is a lower bound.",
        work_table(headline, costs),
    ]
