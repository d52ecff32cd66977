"""Gathers the text of every document that is made of the study's results."""

import json
from pathlib import Path

from ferd.report.comparison import compare_variants
from ferd.report.documents import readme_blocks, tables_document, with_blocks
from ferd.report.ferplus_page import ferplus_document
from ferd.report.findings.all_findings import findings_document, read_study
from ferd.report.models.models_page import models_document
from ferd.report.readme.study_hours import read_commands
from ferd.report.report import NEEDED, report_document
from ferd.report.results.results_page import results_document
from ferd.report.tables.trail_table import with_tables


def all_documents(partial=False):
    """Makes the documents of the study in the current folder.

    Args:
        partial: As in `ferd.study.details.read_details`. docs/report.md is left out if one of
            `ferd.report.report.NEEDED` has not run, and docs/ferplus.md and docs/models.md
            without their networks.

    Returns:
        Dict of path to text.
    """
    study = read_study(partial)
    texts = {
        "README.md": with_blocks(_read("README.md"), readme_blocks(study, read_commands())),
        "docs/results.md": results_document(study.metrics),
        "docs/tables.md": tables_document(study, compare_variants(study.metrics)),
        "docs/findings.md": findings_document(study),
        "docs/experiments.md": with_tables(_read("docs/experiments.md"), study.trail),
    }
    if set(study.metrics) >= NEEDED:
        texts["docs/report.md"] = report_document(study.metrics)
    if page := ferplus_document(study.metrics):
        texts["docs/ferplus.md"] = page
    if page := models_document(study.metrics, _benchmarks()):
        texts["docs/models.md"] = page
    return texts


def _benchmarks():
    return json.loads(_read("benchmarks/results.json"))


def _read(path):
    return Path(path).read_text(encoding="utf-8")
