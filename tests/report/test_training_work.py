"""ferd.report.tables.training_work: operations by hand, and a row per training."""

from ferd.report.tables.training_work import GPU_RATE, operations, work_table

NETWORK = {"multiply_adds": 10**7, "train_faces": 1000, "parameters": 5}


def test_a_face_costs_six_operations_a_multiply_add_each_epoch():
    assert operations(NETWORK, 2) == 6 * 10**7 * 1000 * 2


def test_a_teacher_adds_its_forward_pass():
    taught = NETWORK | {"teacher_multiply_adds": 3 * 10**7}
    assert operations(taught, 2) - operations(NETWORK, 2) == 2 * 3 * 10**7 * 1000 * 2


def test_every_seed_of_every_network_has_its_own_row_with_time_here_and_estimate():
    headline = {"improved": {"seeds": {"1": {}, "2": {}}, "network": NETWORK}, "tests": {}}
    cost = {"epochs": 60, "training_seconds": 90.0}
    rows = work_table(headline, {f"improved/{seed}": cost for seed in (1, 2)}).splitlines()[2:]
    estimate = 6e10 * 60 / GPU_RATE / 60
    assert rows == [
        f"| `improved`, seed {seed} | 60 | 4 | 1.5 | {estimate:.1f} |" for seed in (1, 2)
    ]
