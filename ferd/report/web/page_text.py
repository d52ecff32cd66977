"""Converts Markdown to the HTML of the report page, with scrolling tables and lower headings."""

from markdown_it import MarkdownIt


def to_html(text, lower=1):
    """HTML of a Markdown text.

    The first heading of level 1 is left out, since the section has its own title; the others go
    down. Links to files of the repository become plain text, because the page is a single file.

    Args:
        text: CommonMark with tables. HTML in it is escaped.
        lower: Levels by which headings go down.

    Returns:
        HTML without any outer element.
    """
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.add_render_rule("table_open", _open_table)
    parser.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return parser.renderer.render(_fit(parser.parse(text), lower), parser.options, {})


def _open_table(*_):
    # Focusable, so that a table wider than the screen scrolls by the keyboard too.
    return '<div class="table" role="region" aria-label="Table" tabindex="0"><table>\n'


def _fit(tokens, lower):
    """Removes the title, lowers headings and removes the links to files."""
    kept, skip = [], False
    for token in tokens:
        if token.tag == "h1":
            skip = token.type == "heading_open"
            continue
        if skip:
            continue
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + lower, 6)}"
        if token.children:
            token.children = _without_file_links(token.children)
        kept.append(token)
    return kept


def _without_file_links(children):
    kept, inside = [], False
    for child in children:
        if child.type == "link_open":
            inside = not child.attrGet("href").startswith(("https://", "http://"))
            if inside:
                continue
        if child.type == "link_close" and inside:
            inside = False
            continue
        kept.append(child)
    return kept
