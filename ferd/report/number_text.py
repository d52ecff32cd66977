"""Writes scores, intervals and tests as text, in the same form in every table and sentence."""

from statsmodels.stats.proportion import proportion_confint

ALPHA = 0.05


def percent(value, digits=1):
    """A fraction of 1 in percent, without the sign."""
    return f"{100 * value:.{digits}f}"


def points(value, digits=1):
    """A difference of two fractions in percentage points, with its sign."""
    rounded = round(100 * value, digits)
    return f"{rounded:+.{digits}f}" if rounded else f"{0:.{digits}f}"


def p_value(value):
    """A p-value; a tiny one is not written as 0."""
    return "< 0.0001" if value < 0.0001 else f"{value:.4f}"


def p_text(value):
    """A p-value inside a sentence: two digits, more only where these would round to `ALPHA`."""
    if value < 0.0001:
        return "p < 0.0001"
    short = f"{value:.2g}"
    return f"p = {value:.4f}" if float(short) == ALPHA else f"p = {short}"


def with_interval(value, low, high):
    """A fraction with its 95% interval, both in percent."""
    return f"{percent(value)} ({percent(low)} to {percent(high)})"


def score_cell(scores):
    """An accuracy with its 95% interval, in percent; nothing where there is none.

    Args:
        scores: Dict of `accuracy`, `low` and `high`, or None.
    """
    return with_interval(scores["accuracy"], scores["low"], scores["high"]) if scores else ""


def counted_cell(accuracy, faces):
    """An accuracy of which only the number of faces is known, with Wilson's 95% interval."""
    return with_interval(accuracy, *wilson(accuracy, faces))


def wilson(accuracy, faces):
    """Both ends of Wilson's 95% interval of an accuracy on so many faces."""
    return proportion_confint(round(accuracy * faces), faces, 0.05, method="wilson")


def is_clear(test, key="p_holm"):
    """Whether chance is ruled out as the cause of a difference.

    Args:
        test: Dict of `difference` and p-values.
        key: Which p-value decides.
    """
    return test[key] < ALPHA and test["difference"] != 0


def is_higher(test, key="p_holm"):
    """Whether the first of two scores is higher and chance is ruled out; as in `is_clear`."""
    return is_clear(test, key) and test["difference"] > 0


def is_lower(test, key="p_holm"):
    """Whether the first of two scores is lower and chance is ruled out; as in `is_clear`."""
    return is_clear(test, key) and test["difference"] < 0


def compared(first, second, test, key="p_holm"):
    """A sentence without its end: which of two scores higher, as the p-value allows.

    Args:
        first, second: Names of the two.
        test, key: As in `is_clear`; `test` is of the first minus the second.
    """
    figures = f"({points(test['difference'])} points, {p_text(test[key])})"
    if not is_clear(test, key):
        return f"{first} and {second} cannot be told apart {figures}"
    order = "higher" if test["difference"] > 0 else "lower"
    return f"{first} scores {order} than {second} {figures}"


def both_compared(names, second, tests, key="p_holm"):
    """As `compared`, of two models against a third; one clause where both verdicts are the same.

    Args:
        names: The two models' names.
        second: The third's.
        tests: A test for each of the two.
        key: As in `is_clear`.
    """
    verdicts = [is_clear(test, key) and (1 if test["difference"] > 0 else -1) for test in tests]
    if verdicts[0] != verdicts[1]:
        pairs = zip(names, tests, strict=True)
        return " and ".join(compared(name, second, test, key) for name, test in pairs)
    changes = " and ".join(points(test["difference"]) for test in tests)
    texts = [p_text(test[key]) for test in tests]
    values = f"{texts[0]} each" if texts[0] == texts[1] else " and ".join(texts)
    figures = f"({changes} points, {values})"
    if not verdicts[0]:
        return f"neither {names[0]} nor {names[1]} can be told apart from {second} {figures}"
    order = "higher" if verdicts[0] > 0 else "lower"
    return f"{names[0]} and {names[1]} score {order} than {second} {figures}"


def seeds_text(count):
    """How many trainings stand behind a figure."""
    if count == 1:
        return "one run"
    words = {2: "two", 3: "three", 4: "four", 5: "five"}
    return f"{words.get(count, count)} seeds"
