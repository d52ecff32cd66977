"""Hook of MkDocs: takes the pages from docs/ and the top folder, with the files they link to."""

import os
import re
from pathlib import Path

from mkdocs.structure.files import File
from pygments.formatters import HtmlFormatter

TOP = Path(__file__).parents[2]
PAGES = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
}
LINK = re.compile(r"(?<=\]\()(?![a-z]+:|#)([^)#\s]+)")
LIST_AFTER_TEXT = re.compile(r"^((?![-*] | {2,}|\||#|<).+)\n(?=- )", re.MULTILINE)


def on_files(files, config):
    """Adds the pages, the pictures, every file that a page links to and the colours of code."""
    linked = set()
    for path in [*map(TOP.joinpath, PAGES), *sorted(TOP.glob("docs/*.md"))]:
        text = LINK.sub(lambda link, path=path: _target(link[1], path.parent, linked), _read(path))
        files.append(File.generated(config, _place(path), content=text))
    for path in sorted(linked):
        files.append(File.generated(config, _place(path), abs_src_path=str(path)))
    css = HtmlFormatter().get_style_defs(".highlight")
    files.append(File.generated(config, "code.css", content=css))
    return files


def _read(path):
    # GitHub starts a list right after a line of text, Python's Markdown only after an empty line.
    return LIST_AFTER_TEXT.sub(r"\1\n\n", path.read_text(encoding="utf-8"))


def _place(path):
    """The path within the site of a file of the repository."""
    name = path.relative_to(TOP).as_posix()
    if path.suffix in (".md", ".png"):
        return PAGES.get(name, name.removeprefix("docs/"))
    return f"files/{name}"


def _target(link, folder, linked):
    """The link as the site has it; a file that is no page is noted in `linked`."""
    path = Path(os.path.normpath(folder / link))
    if not path.exists():
        return link  # a build with --strict ends with it
    if path.suffix != ".md":
        linked.add(path)
    return _place(path)
