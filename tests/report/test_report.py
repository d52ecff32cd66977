"""ferd.report.report: sections are there when there is something to tell."""

from ferd.report import report

ENTRY = {"low": -0.01, "high": 0.03, "only_first": 5, "only_second": 3, "p": 0.0002}


def test_data_without_rare_classes_leaves_the_section_on_differential_augmentation_out():
    assert report._look_section({"ablation_augment_look": {"rare_classes": 0}}) == []
    assert report._look_section({}) == []


def test_the_improved_network_has_a_row_per_rival_on_each_part_that_was_tested():
    entry = {**ENTRY, "difference": 0.0529, "p_holm": 0.0007}
    tests = {"detected": {"improved - cnn": entry, "improved - stack": entry}}
    parts = report._improved_section({"headline": {"tests": tests}})
    title, label, table = parts[0], parts[-2], parts[-1]
    assert title.startswith("## ") and label.startswith("All test faces")
    assert len(parts) == 4 and len(table.splitlines()) == 4
    assert "+5.29" in table and "`improved` minus stacking" in table


def test_a_study_without_the_improved_network_leaves_its_section_out():
    assert report._improved_section({}) == []


def test_without_annotator_votes_there_is_no_section_on_them():
    assert report._agreement_section({}) == report._agreement_section({"agreement": {}}) == []
