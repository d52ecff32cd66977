"""ferd.report.tables.headline_table: every row holds the figures of metrics/, a published one its
own."""

from ferd.report.tables.headline_table import FIELD, headline_tables


def scores(accuracy):
    return {"faces": 100, "accuracy": accuracy, "low": accuracy - 0.01, "high": accuracy + 0.01}


def final(*accuracies):
    """A network of metrics/details/headline.json."""
    seeds = {
        str(number): {**scores(accuracy), "without_copy": scores(accuracy - 0.02)}
        for number, accuracy in enumerate(accuracies)
    }
    network = {"parameters": 314659, "multiply_adds": 24262912, "views": 10}
    found = {"seeds": seeds, "network": network}
    if len(accuracies) > 1:
        found["spread"] = {"seeds": len(accuracies), "mean": 0.7123, "sd": 0.0012}
        found["spread"] |= {"low": 0.7015, "high": 0.7231}
        found["average"] = scores(0.72)
    return found


HEADLINE = {
    "improved": final(0.71, 0.7146),
    "compact": final(0.69),
    "benchmark_fer2013": final(0.70),
    "gpu": {},
    "packages": {"one": 0.6, "other": 0.65},
    "package_faces": 1000,
    "copies": {
        "compact": {"train_faces": 28709, "all": scores(0.69), "with_copy": scores(0.85)},
        "compact_copies": {
            "train_faces": 27796,
            "all": scores(0.675),
            "with_copy": scores(0.75),
        },
        "tests": {
            "all": {"compact - compact_copies": {"difference": 0.015, "p": 0.0321}},
            "with_copy": {"compact - compact_copies": {"difference": 0.1, "p": 0.00001}},
        },
    },
}
MODEL_SCORES = (
    *(("cnn", 0.6708), ("cnn, flip averaging", 0.6744), ("soft vote", 0.6832), ("stack", 0.6787)),
)
MODELS = {
    name: {"detected": scores(accuracy), "without_copy": scores(accuracy - 0.015)}
    for name, accuracy in MODEL_SCORES
}


def rows(table):
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()[2:]]


def test_the_papers_split_has_the_paper_its_reproduction_and_the_improved_network():
    found = rows(headline_tables(HEADLINE, MODELS)[2])
    assert found[0][:3] == ["the paper's stacking", "67.3 (66.0 to 68.5)", ""]
    cnn = ["reproduced, CNN", "67.1 (66.1 to 68.1)", "65.6", "4,049,671", "131.2"]
    assert found[1] == cnn
    assert found[2][:2] == ["reproduced, CNN, mirror image averaged", "67.4 (66.4 to 68.4)"]
    assert found[2][4] == "262.4"
    one = [
        "`improved`, a residual network, first seed",
        "71.0 (70.0 to 72.0)",
        "69.0",
        "314,659",
        "242.6",
    ]
    assert found[5] == one
    assert found[6][:2] == ["`improved`, mean of 2 seeds (SD 0.12)", "71.2 (70.2 to 72.3)"]
    assert found[7][1] == "72.0 (71.0 to 73.0)" and found[7][4] == "485.3"


def test_the_official_split_has_ours_before_the_field():
    found = rows(headline_tables(HEADLINE, MODELS)[5])
    assert [row[1][:4] for row in found[:2]] == ["69.0", "70.0"]
    assert found[2][0].startswith("`other`, the best of 2 ") and found[2][1].startswith("65.0 (")
    assert len(found) == 3 + len(FIELD)


def on_gpu():
    found = final(0.705, 0.715)
    for one in found["seeds"].values():
        one["centre"] = scores(one["accuracy"] - 0.01)
    return HEADLINE | {"gpu": {"distilled_gpu": found}}


def test_what_a_gpu_trained_has_a_row_for_one_view():
    found = rows(headline_tables(on_gpu(), MODELS)[5])
    assert found[2][0] == "`distilled_gpu`, distilled from `benchmark_gpu`, first seed"
    assert [row[1][:4] for row in found[2:6]] == ["70.5", "71.2", "72.0", "69.5"]
    assert found[5][0] == "`distilled_gpu`, one view" and found[5][4] == "24.3"
    assert len(found) == 7 + len(FIELD)


def test_all_rows_are_as_wide_as_the_head():
    for table in headline_tables(on_gpu(), MODELS)[2::3]:
        assert len({line.count("|") for line in table.splitlines()}) == 1


def test_the_effect_of_copies_is_what_the_tests_say_part_by_part():
    head, *found = headline_tables(HEADLINE, MODELS)[8].splitlines()
    assert head.count("(100)") == 2
    found = rows("\n".join([head, *found]))
    assert found[0] == ["Training (28,709 images)", "69.00", "85.00"]
    assert found[1] == ["Training without them (27,796 images)", "67.50", "75.00"]
    assert found[2][1:] == ["+1.50, p = 0.032", "+10.00, p < 0.0001"]
