"""ferd.headline_table: every row holds the figures of metrics/, a published one its own."""

from ferd.headline_table import FIELD, headline_tables


def scores(accuracy):
    return {"faces": 100, "accuracy": accuracy, "low": accuracy - 0.01, "high": accuracy + 0.01}


def final(*accuracies):
    """A stage of metrics/headline.json."""
    seeds = {
        str(number): {**scores(accuracy), "without_twin": scores(accuracy - 0.02)}
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
    "packages": {"one": 0.6, "other": 0.6512},
    "twins": {
        "compact": {"train_faces": 28709, "all": scores(0.69), "with_twin": scores(0.85)},
        "ablation_twins_compact": {
            "train_faces": 27796,
            "all": scores(0.675),
            "with_twin": scores(0.75),
        },
        "tests": {
            "all": {"one - other": {"difference": 0.015, "p": 0.0321}},
            "with_twin": {"one - other": {"difference": 0.1, "p": 0.00001}},
        },
    },
}
MODEL_SCORES = (
    *(("cnn", 0.6708), ("cnn, flip averaging", 0.6744), ("soft vote", 0.6832), ("stack", 0.6787)),
)
MODELS = {
    name: {"detected": scores(accuracy), "without_twin": scores(accuracy - 0.015)}
    for name, accuracy in MODEL_SCORES
}


def rows(table):
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()[2:]]


def test_the_papers_protocol_has_the_paper_its_reproduction_and_the_improved_network():
    table = headline_tables(HEADLINE, MODELS)[1]
    found = rows(table)
    assert found[0][:3] == ["the paper, stacking", "0.6726", ""]
    assert found[1][:4] == ["reproduced, cnn", "0.6708", "0.6608 to 0.6808", "0.6558"]
    assert found[2][:2] == ["reproduced, cnn, flip averaging", "0.6744"]
    assert found[5] == [
        *("improved: one network", "0.7100", "0.7000 to 0.7200", "0.6900", "314,659", "24.3 x 10"),
    ]
    assert found[6][:2] == ["improved: one network, mean of 2 seeds (SD 0.0012)", "0.7123"]
    assert found[6][2] == "0.7015 to 0.7231"
    assert found[7][1] == "0.7200"


def test_the_official_protocol_has_ours_before_the_field():
    table = headline_tables(HEADLINE, MODELS)[3]
    found = rows(table)
    assert [row[1] for row in found[:2]] == ["0.6900", "0.7000"]
    assert found[2][0].startswith("`other`, best of 2 ") and found[2][1] == "0.6512"
    assert len(found) == 3 + len(FIELD)


def on_gpu():
    found = final(0.705, 0.715)
    for one in found["seeds"].values():
        one["centre"] = scores(one["accuracy"] - 0.01)
    return HEADLINE | {"gpu": {"distilled_gpu": found}}


def test_what_a_gpu_trained_is_marked_and_has_a_row_for_one_window():
    found = rows(headline_tables(on_gpu(), MODELS)[3])
    assert found[2][:2] == [
        "distilled_gpu: the same, taught by benchmark_gpu, on one GPU",
        "0.7050",
    ]
    assert found[3][1] == "0.7123" and found[4][1] == "0.7200"
    assert found[5][:2] == ["distilled_gpu: its middle window alone", "0.6950"]
    assert found[5][5] == "24.3 x 1"
    assert len(found) == 7 + len(FIELD)


def test_all_rows_are_as_wide_as_the_head():
    for table in headline_tables(on_gpu(), MODELS)[1::2]:
        assert len({line.count("|") for line in table.splitlines()}) == 1


def test_the_copies_are_worth_what_the_tests_say_part_by_part():
    head, *found = headline_tables(HEADLINE, MODELS)[5].splitlines()
    assert head.count("(100)") == 2
    found = rows("\n".join([head, *found]))
    assert found[0] == ["Training (28,709 images)", "0.6900", "0.8500"]
    assert found[1] == ["Training without them (27,796 images)", "0.6750", "0.7500"]
    assert found[2][1:] == ["+1.50, p 0.0321", "+10.00, p < 0.0001"]
