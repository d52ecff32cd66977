"""Checks every setting of params.yaml.

It runs before every other stage, so that a refused value deletes no output: DVC deletes a stage's
outputs before the stage starts.

Reads   params.yaml
Writes  data/settings.ok (always the same text: a changed value makes no other stage run again)
Run     dvc repro settings        (or, from the top folder: python -m stages.settings)
Takes   less than a second
Expect  no message; for a wrong value one line with the key and its valid values, and status 1
"""

import argparse
from pathlib import Path

from ferd.study.settings import check_all

DONE = Path("data/settings.ok")


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    check_all()
    DONE.parent.mkdir(exist_ok=True)
    DONE.write_text("params.yaml holds valid settings\n", encoding="utf-8")


if __name__ == "__main__":
    main()
