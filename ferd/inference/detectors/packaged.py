"""Copies the measured framings into the package.

Reads   metrics/details/detectors.json
Writes  ferd/models/detectors.json
Run     python -m ferd.inference.detectors.packaged     (from the top folder, after the stage)
Takes   a second
"""

import json
from pathlib import Path
from typing import Any

from ferd.inference.detectors.framings import PATH

MEASURED = Path("metrics/details/detectors.json")


def facts(details: dict[str, Any]) -> dict[str, Any]:
    """Content of the package's file.

    Args:
        details: Content of `MEASURED`.

    Returns:
        Dict that JSON can hold: `framing` by detector.
    """
    return {"framing": {name: one["framing"] for name, one in details["detectors"].items()}}


def main() -> None:
    """Copies the framings."""
    details = json.loads(MEASURED.read_text(encoding="utf-8"))
    text = json.dumps(facts(details), indent=2) + "\n"
    PATH.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
