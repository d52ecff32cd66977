"""What our modules import, and what DVC's md5 of a file or folder is."""

import ast
import hashlib
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = ("ferd", "stages")
# They may refuse a value, start a stage or note its cost: none changes what a stage writes.
NO_DEPS = {
    *(f"ferd/study/{name}.py" for name in ("cost", "pipeline", "progress", "stage", "supervisor")),
    *(f"ferd/study/{name}.py" for name in ("params_file", "settings", "sections", "validated")),
    "ferd/study/values.py",
    *(f"ferd/study/{kind}_sections.py" for kind in ("train", "recipe", "ensemble")),
}


def imports_of(file):
    """Our modules that a file imports itself, inside functions too, as paths from the top folder.

    Packages without code of their own (`__init__.py`) are left out.
    """
    names = []
    for node in ast.walk(ast.parse(Path(file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in OURS:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        if isinstance(node, ast.Import):
            names += [a.name for a in node.names if a.name.split(".")[0] in OURS]
    paths = {name.replace(".", "/") + ".py" for name in names}
    return {path for path in paths if (ROOT / path).exists()}


def closure(file):
    """`imports_of` a file and of what it imports, and so on, without `NO_DEPS`."""
    found, waiting = set(), [file]
    while waiting:
        new = imports_of(ROOT / waiting.pop()) - found - NO_DEPS
        found |= new
        waiting += new
    return found


def md5(path):
    return hashlib.md5(path.read_bytes()).hexdigest()


def hash_of(path):
    """DVC's md5 of a file, or of a folder: that of the JSON list of its files."""
    if path.is_file():
        return md5(path)
    files = [file for file in path.rglob("*") if file.is_file() and not ignored(file)]
    listing = [
        {"md5": md5(file), "relpath": file.relative_to(path).as_posix()}
        for file in sorted(files, key=lambda file: file.relative_to(path).parts)
    ]
    return hashlib.md5(json.dumps(listing, sort_keys=True).encode()).hexdigest() + ".dir"


def ignored(file):
    """Whether .dvcignore leaves a file out."""
    return "__pycache__" in file.parts or file.suffix == ".pyc"
