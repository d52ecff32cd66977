"""Writes the documents that are made of the study's results, or checks them.

Reads   metrics/details/, metrics/cost/, docs/trail.json, benchmarks/results.json, dvc.yaml
Writes  the generated parts of README.md and of docs/experiments.md; docs/results.md,
        docs/tables.md, docs/findings.md, docs/report.md, docs/ferplus.md and docs/models.md
Run     python -m ferd.report              after `dvc repro`, from the top folder
        python -m ferd.report --partial    while a study is running: what is done so far
        python -m ferd.report --check      writes nothing; one line per document that differs from
                                           what metrics/ say, and status 1 if there is one
Takes   seconds
Expect  the table and the findings of README.md
"""

import argparse
from pathlib import Path

from ferd.report.all_documents import all_documents


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--partial", action="store_true", help="take what has run")
    parser.add_argument("--check", action="store_true", help="write nothing, report differences")
    arguments = parser.parse_args()
    documents = all_documents(arguments.partial)
    if arguments.check:
        check(documents)
    else:
        write(documents)


def write(documents):
    """Writes the documents.

    Args:
        documents: From `ferd.report.all_documents.all_documents`.
    """
    for path, text in documents.items():
        Path(path).write_text(text, encoding="utf-8", newline="\n")


def check(documents):
    """Prints one line per document that is missing or differs from its text.

    Args:
        documents: From `ferd.report.all_documents.all_documents`.

    Raises:
        SystemExit: With status 1 if there is such a document.
    """
    differing = [path for path, text in documents.items() if _read(path) != text]
    for path in differing:
        print(f"{path} differs from metrics/: run python -m ferd.report")
    if differing:
        raise SystemExit(1)


def _read(path):
    return Path(path).read_text(encoding="utf-8") if Path(path).exists() else None


if __name__ == "__main__":
    main()
