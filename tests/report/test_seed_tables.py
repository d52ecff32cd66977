from ferd.report.tables.seed_tables import averaged_table, seeds_table


def test_seeds_have_a_row_per_training_and_its_test():
    entry = {"seeds": 3, "mean": 0.67, "sd": 0.004}
    seeds = {
        "variants": {"cosine": {"detected": entry}, "whole": {"detected": entry, "all": entry}},
        "against_cnn": {"whole": {"detected": {"difference": 0.012, "p": 0.03}}},
    }
    lines = seeds_table(seeds).splitlines()[2:]
    assert lines[0] == "| `cosine` (3 seeds), accuracy, % | 67.00, SD 0.40 |  |"
    assert lines[2] == "| `whole` minus `cosine`, points | +1.20, p = 0.03 |  |"


def test_average_has_its_interval_and_a_row_per_model_it_is_set_against():
    tests = {"cnns - cnn": {"difference": 0.0123, "p_holm": 0.00001}}
    averaged = {"detected": {"accuracy": 0.69, "low": 0.68, "high": 0.7, "tests": tests}}
    lines = averaged_table(averaged).splitlines()[2:]
    assert lines == [
        "| accuracy, % | 69.0 (68.0 to 70.0) |",
        "| minus CNN, points | +1.23, p < 0.0001 |",
    ]
