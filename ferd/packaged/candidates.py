"""Scores the candidates for the default network on PublicTest and applies the rule."""

from ferd.packaged.choice import choose_default
from ferd.packaged.labels import both_scores, by_kind, prediction_table
from ferd.scoring.copy_effect import parts_by_copy

# The networks that each candidate averages.
CANDIDATES = {"compact": 1, "annotators": 1, "mean": 2, "mixed": 1}
# The better one by the rule is the package's `general`.
COMPROMISES = ("mean", "mixed")


def choose(networks, benchmark):
    """Applies `ferd.packaged.choice.choose_default` to all candidates, and to the compromises.

    Args:
        networks: Dict of each candidate to its `ferd.packaged.scored.Network`.
        benchmark: `ferd.packaged.scored.Benchmark`; its test part is not read.

    Returns:
        What the rule returns, and `general`, the compromise that it prefers; `candidates`, the
        scores of each on PublicTest; `without_copy`, what the rule returns on the faces of
        PublicTest without a copy in Training, with `faces`.
    """
    public = benchmark.validation
    rest = benchmark.groups, benchmark.bootstrap
    tables = {name: prediction_table(public, networks[name].validation) for name in CANDIDATES}
    names = next(iter(tables.values()))["name"]
    copy_free = names.isin(parts_by_copy(names, "official", benchmark.groups)["without_copy"])
    left = {name: table[copy_free].reset_index(drop=True) for name, table in tables.items()}
    compromises = {name: tables[name] for name in COMPROMISES}
    return {
        **apply_rule(tables, benchmark),
        "general": apply_rule(compromises, benchmark)["default"],
        "candidates": {
            name: both_scores(table, benchmark.votes, *rest) for name, table in tables.items()
        },
        "without_copy": {"faces": int(copy_free.sum()), **apply_rule(left, benchmark)},
    }


def apply_rule(tables, benchmark):
    """`ferd.packaged.choice.choose_default` of tables of predictions, by name of candidate."""
    kinds = {name: by_kind(table, benchmark.votes) for name, table in tables.items()}
    return choose_default(kinds, benchmark.groups, benchmark.bootstrap, CANDIDATES)
