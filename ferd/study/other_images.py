"""Changes params.yaml for images that are not FER2013's.

The annotators' votes and FER2013's own split are known by an image's row number in FER2013, which
other images do not have. Without this change the stages stop and name the setting.

Reads   params.yaml
Writes  params.yaml: the values below; comments stay
Run     make other-images    (or: python -m ferd.study.other_images)
Takes   a second
Expect  a line for each changed setting
"""

import argparse
from pathlib import Path

CHANGES = {
    "audit": {"ferplus": "false"},
    "search": {"split": "paper"},
    "benchmark_fer2013": {"split": "paper"},
    "compact": {"split": "paper"},
    "compact_ferplus": {"targets": "labels"},
    "mixed": {"label_share": "1.0"},
}


def main(path="params.yaml"):
    """Changes the file; does nothing where it is changed already.

    Args:
        path: The params file.

    Raises:
        SystemExit: As `find`.
    """
    lines = Path(path).read_text(encoding="utf-8").split("\n")
    for section, values in CHANGES.items():
        for key, value in values.items():
            row = find(lines, section, key)
            old = lines[row].split(": ", 1)[1]
            if old != value:
                print(f"{section}.{key}: {old} is now {value}")
                lines[row] = f"  {key}: {value}"
    Path(path).write_text("\n".join(lines), encoding="utf-8", newline="\n")


def find(lines, section, key):
    """The number of the line of a section's key.

    Raises:
        SystemExit: If there is no such line.
    """
    inside = False
    for row, line in enumerate(lines):
        if line and not line.startswith((" ", "#")):
            inside = line == f"{section}:"
        elif inside and line.startswith(f"  {key}: "):
            return row
    raise SystemExit(f"params.yaml has no {section}.{key}")


if __name__ == "__main__":
    argparse.ArgumentParser(
        prog="python -m ferd.study.other_images",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args()
    main()
