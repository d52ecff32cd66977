"""Writes the generated parts of README.md, and docs/tables.md: every figure beside the paper's."""

from ferd.report.claims import claims_section
from ferd.report.findings.all_findings import NOTE, findings
from ferd.report.paper_results import CONTRADICTIONS
from ferd.report.readme.main_findings import MAIN
from ferd.report.readme.study_hours import commands_sentence, hours_sentence
from ferd.report.readme.table import readme_table
from ferd.report.tables import paper_figures
from ferd.report.tables.agreement_table import agreement_section
from ferd.report.tables.headline_table import headline_tables
from ferd.report.tables.overlap_table import overlap_section
from ferd.report.tables.report_tables import headline_parts
from ferd.report.tables.training_work import GPU_RATE, work_table
from ferd.report.tables.tuning_table import tuning_part
from ferd.study.markdown import replace_block


def readme_blocks(study, commands):
    """The generated parts of README.md.

    Args:
        study: `ferd.report.findings.all_findings.Study`.
        commands: From `ferd.report.readme.study_hours.read_commands`.

    Returns:
        Dict of the name of a block, as in its markers, to its text.
    """
    return {
        "results": "\n\n".join(readme_table(study.metrics)),
        "findings": "\n".join(findings(study, MAIN)),
        "hours": f"{commands_sentence(commands)}\n{hours_sentence(study.costs)}".strip(),
    }


def with_blocks(text, blocks):
    """README.md with its generated parts replaced.

    Args:
        text: README.md.
        blocks: From `readme_blocks`.

    Raises:
        ValueError: As `ferd.study.markdown.replace_block`.
    """
    for name, block in blocks.items():
        text = replace_block(text, block, *markers(name))
    return text


def markers(name):
    """The lines before and after a generated part of README.md."""
    return f"<!-- {name}: written by python -m ferd.report -->", f"<!-- end of {name} -->"


def tables_document(study, variants):
    """docs/tables.md.

    Args:
        study: `ferd.report.findings.all_findings.Study`.
        variants: From `ferd.report.comparison.compare_variants`.
    """
    parts = ["# All tables", NOTE, *result_sections(study.metrics, study.compared, variants)]
    parts += paper_sections(study.compared)
    parts += tuning_part(study.metrics.get("automl_compare", {}))
    return "\n\n".join([*parts, *cost_sections(study.costs, study.metrics.get("headline"))]) + "\n"


def result_sections(metrics, compared, variants):
    """Paragraphs: the main tables of docs/tables.md.

    Args:
        metrics: From `ferd.study.details.read_details`; sections of what has not run are left out.
        compared: From `ferd.report.comparison.compare`.
        variants: From `ferd.report.comparison.compare_variants`.
    """
    evaluation, headline = metrics.get("evaluate"), metrics.get("headline")
    parts = [*readme_table(metrics), "The paper's main figures, beside our first seed:"]
    parts.append(paper_figures.headline_table(compared))
    if headline and evaluation:
        parts += headline_tables(headline, evaluation["models"])
        parts += overlap_section(headline.get("search"))
    parts += agreement_section(metrics.get("agreement"))
    if variants:
        faces = next(iter(variants.values()))["faces"]
        parts += ["## The models of the paper and the ablations"]
        parts += [
            f"On the {faces:,} detected test faces. Each row is one run, the first seed; the means "
            "over seeds in [results.md](results.md) therefore differ. Models that are not called "
            '"to the letter" are by our recipe.',
            paper_figures.variant_table(variants),
        ]
    if evaluation:
        parts += ["## With and without copies in train", headline_parts(evaluation["models"])]
    return [*parts, *claims_section(metrics.get("claims"))]


def paper_sections(compared):
    """Paragraphs: every table of the paper beside ours, and where the paper contradicts itself."""
    titles = {"cnn": "The CNN", "voting": "Soft voting", "stacking": "Stacking"}
    parts = []
    for part, title in titles.items():
        if part in compared:
            parts += [f"## {title}: every figure of the paper"]
            parts += [paper_figures.overall_table(compared[part]), "Each cell: paper / here."]
            parts += [paper_figures.per_class_table(compared[part])]
    parts += ["## Where the paper contradicts itself"]
    return [*parts, "\n".join(f"- {text}" for text in CONTRADICTIONS)]


def cost_sections(costs, headline=None):
    """Paragraphs: what each stage took, on what machine, and the final networks on a GPU.

    Args:
        costs: From `ferd.study.details.read_costs`.
        headline: metrics/details/headline.json, if it has been written.
    """
    parts = ["## What each stage took", paper_figures.cost_table(costs), hours_sentence(costs)]
    if not headline:
        return parts
    return [
        *parts,
        "## What the final networks take to train",
        "Floating-point operations, counted. These trainings used no GPU. The last column is an "
        f"estimate: it assumes a GPU that does {GPU_RATE / 1e12:.0f} x 10^12 operations a second "
        "and never waits, so it is a lower bound.",
        work_table(headline, costs),
    ]
