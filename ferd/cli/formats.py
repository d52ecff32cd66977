"""Chooses the format of the rows by the name of the file for them."""

import os

# Files with these endings are not text, and their programs would not open it.
REFUSED = {
    ".xlsx": "--format excel with a name that ends in .csv writes a file that Excel opens",
    ".xls": "--format excel with a name that ends in .csv writes a file that Excel opens",
    ".parquet": "--format parquet writes several files into the folder --output",
}


def format_for(output: str | None, given: str | None) -> str:
    """Chooses a format.

    Args:
        output: The option `--output`; None for standard output.
        given: The option `--format`.

    Returns:
        The given one; else "csv" if the name ends in .csv, and "jsonl" for every other name.

    Raises:
        ValueError: If the name ends as that of a file that would hold something else.
    """
    suffix = os.path.splitext(output or "")[1].lower()
    if suffix in REFUSED and given != "parquet":
        raise ValueError(f"--output {output}: rows are text; {REFUSED[suffix]}")
    return given or ("csv" if suffix == ".csv" else "jsonl")
