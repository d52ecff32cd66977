"""Reads a page of results and compares each of its numbers with an expected one."""

import re

# Definitions, not results.
DEFINITIONS = (
    *("Intervals are 95% intervals", "or 1 seed, means", "falls to 0 along"),
    "(p below 0.05, corrected",
)
# What does not follow from the files that this script reads.
NOT_CHECKED = {
    "predictions for the validation faces": "an accuracy of {} to {}% in 95% of {} draws",
    "correlations between images": (
        "If {} to {} is the least correlation, the lead of `improved` over the CNN (our recipe) "
        "on test faces without a copy is {} to {} points"
    ),
}
NUMBER = r"(?<![\w.])[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?!\w|[.,]\d)"


def read_page(text):
    """Dict of section to its tables (lists of rows of cells) and its prose."""
    sections = {}
    for title, body in re.findall(r"^#+ (.*)\n((?:(?!#).*\n?)*)", text, re.MULTILINE):
        tables, prose = [], []
        for block in body.strip().split("\n\n"):
            lines = block.split("\n")
            if block.startswith("|"):
                rows = [[cell.strip() for cell in line[1:-1].split("|")] for line in lines]
                tables.append([rows[0], *rows[2:]])
            else:
                prose.append(block)
        if title in sections:
            raise SystemExit(f"section {title!r} occurs twice")
        sections[title] = (tables, "\n".join(prose))
    return sections


def number(text):
    """A number as the page writes it."""
    return float(text.replace(",", ""))


def is_near(stated, computed, form):
    """Whether a number has the form's decimals and is the computed one rounded.

    The page rounds what metrics/ has rounded to six digits before, and the AUC of an ensemble was
    taken from probabilities of more digits than the committed ones. So beside half a unit of the
    last digit 0.000001 is allowed, and 0.00006 of a figure in percent or points, which has two
    decimals at most: a value halfway between two roundings may be written as either.
    """
    decimals = [len(one.partition(".")[2]) for one in (stated, form.format(computed))]
    allowed = 0.5 * 10.0 ** -decimals[0] + (1e-6 if decimals[0] > 2 else 6e-5)
    return decimals[0] == decimals[1] and abs(number(stated) - computed) <= allowed


class Report:
    """Counts numbers that are right and collects what is wrong."""

    def __init__(self):
        self.right, self.wrong, self.unchecked = 0, [], []

    def compare(self, place, stated, expected):
        """Compares a text of the page with an expected one, number by number."""
        template, *values = expected
        forms = re.findall(r"\{.*?\}", template)
        pattern = f"({NUMBER})".join(map(re.escape, re.split(r"\{.*?\}", template)))
        found = re.fullmatch(pattern, stated)
        if not found:
            text = template.format(*values)
            self.wrong.append(f"{place}: states {stated!r}, recomputed {text!r}")
            return
        for shown, value, form in zip(found.groups(), values, forms, strict=True):
            if is_near(shown, value, form):
                self.right += 1
            else:
                self.wrong.append(f"{place}: states {shown}, recomputed {form.format(value)}")

    def table(self, place, rows, expected):
        """Compares a table: its head, its rows' names and each cell."""
        head, wanted = expected
        if rows[0] != head:
            self.wrong.append(f"{place}: columns are {rows[0]}, expected {head}")
            return
        names = [row[0] for row in rows[1:]]
        self.wrong += [f"{place}: unknown row {name!r}" for name in names if name not in wanted]
        self.wrong += [f"{place}: row {name!r} is missing" for name in wanted if name not in names]
        self.wrong += [f"{place}: row {name!r} occurs twice" for name in twice(names)]
        for name, *cells in rows[1:]:
            if name in wanted and len(cells) != len(wanted[name]):
                self.wrong.append(f"{place}: row {name!r} has {len(cells)} cells")
            elif name in wanted:
                for column, cell, one in zip(head[1:], cells, wanted[name], strict=True):
                    self.compare(f"{place}, row {name!r}, column {column!r}", cell, one)

    def prose(self, place, text, sentences):
        """Compares the sentences with numbers; any other number is unknown."""
        for template, *values in sentences:
            text = self.take(place, text, template, values)
        for reason, template in NOT_CHECKED.items():
            found = re.search(searched(template), text)
            if found:
                self.unchecked.append(f"{found[0]!r} ({reason})")
                text = text.replace(found[0], "")
        for phrase in DEFINITIONS:
            text = text.replace(phrase, "")
        for line in text.split("\n"):
            for found in re.finditer(NUMBER, line):
                around = line[max(0, found.start() - 40) : found.end() + 40]
                self.wrong.append(f"{place}: {found[0]} is unknown, in {around!r}")

    def take(self, place, text, template, values):
        """Compares a sentence, and returns the text without it."""
        found = re.search(searched(template), text)
        if not found:
            wanted = template.format(*values)
            self.wrong.append(f"{place}: no sentence is like {wanted!r}")
            return text
        self.compare(f"{place}, sentence {template!r}", found[0], (template, *values))
        return text.replace(found[0], "", 1)


def searched(template):
    """The pattern of a sentence with any numbers."""
    return NUMBER.join(map(re.escape, re.split(r"\{.*?\}", template)))


def twice(names):
    """What occurs more than once."""
    return sorted({name for name in names if names.count(name) > 1})


def verify(text, expected):
    """Compares the page's text with `expected_page`: a `Report`."""
    sections, report = read_page(text), Report()
    report.wrong += [f"unknown section {one!r}" for one in sections if one not in expected]
    for title, (tables, sentences) in expected.items():
        if title not in sections:
            report.wrong.append(f"section {title!r} is missing")
            continue
        found, prose = sections[title]
        if len(found) != len(tables):
            report.wrong.append(f"{title}: has {len(found)} tables, expected {len(tables)}")
        for index, (rows, table) in enumerate(zip(found, tables, strict=False), 1):
            report.table(f"{title}, table {index}", rows, table)
        report.prose(title, prose, sentences)
    return report
