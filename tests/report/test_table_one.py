"""ferd.report.table_one: the shapes give the size that the paper prints."""

from ferd.report import paper_results, table_one


def test_shapes_give_the_weights_that_the_paper_prints():
    assert table_one.parameters() == paper_results.CNN["parameters"]


def test_multiply_adds_are_those_of_the_layers():
    convolved = [48**2 * 9 * 64, *[24**2 * 9 * 64 * 128] * 3]
    assert table_one.multiply_adds() == sum(convolved) + 4608 * 512 + 512 * 256 + 256 * 7
