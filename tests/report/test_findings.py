"""ferd.report.findings.all_findings: a changed number changes the sentence, and a missing one takes
it away."""

from pathlib import Path

import pytest

from ferd.report.findings import accuracy, annotators, copies, letter, networks, paper
from ferd.report.findings.all_findings import FINDINGS, Study, bullet, findings, read_study
from ferd.report.model_names import AGAINST_CNN
from ferd.report.readme import main_findings as main

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def study(monkeypatch):
    """The committed study, free to be changed."""
    monkeypatch.chdir(ROOT)
    return read_study(partial=True)


def said(finding, study):
    title, sentences = finding(study)
    return title, " ".join(sentences)


def test_ensembles_gain_by_copies_only_while_they_gain_nothing_without():
    def study_of(alone):
        won = {"difference": 0.1, "p_holm": 0.001}
        tests = {
            "with_copy": dict.fromkeys(AGAINST_CNN, won),
            "without_any_copy": dict.fromkeys(AGAINST_CNN, alone),
            "detected": dict.fromkeys(("et on features - cnn", "soft vote, no copies - cnn"), won),
        }
        faces = {"with_copy": {"faces": 8}, "without_any_copy": {"faces": 40}}
        metrics = {"paired_tests": tests, "evaluate": {"models": {"cnn": faces}}}
        return Study(metrics, {}, {}, [])

    title, text = said(copies.ensembles, study_of({"difference": 0.01, "p_holm": 0.5}))
    assert "comes from copies" in title and "On the 8 test faces" in text
    assert "neither soft voting nor stacking can be told apart from the CNN" in text
    title, text = said(copies.ensembles, study_of({"difference": 0.05, "p_holm": 0.001}))
    assert "comes from copies" not in title and "score higher than the CNN (+5.0" in text


def test_a_lead_that_annotators_confirm_is_not_said_to_disappear(study):
    assert "disappears" in said(annotators.gain, study)[0]
    assert "less than half" in said(main.annotators, study)[0]
    seeds = study.metrics["agreement"]["detected"]["seeds"]
    seeds["annotators_counts"]["improved - cnn"] = dict(seeds["label"]["improved - cnn"])
    title, text = said(annotators.gain, study)
    assert "disappears" not in title and "which is 100% of the first" in text
    assert "less than half" not in said(main.annotators, study)[0]


def test_a_pair_of_runs_within_chance_is_not_said_to_show_an_effect_of_copies(study):
    assert "Copies raise" in said(copies.private_test, study)[0]
    (test,) = study.metrics["headline"]["copies"]["tests"]["all"].values()
    test["p_holm"] = 0.3
    title, text = said(copies.private_test, study)
    assert "Copies raise" not in title and "one network and one pair of runs" in text


def test_scores_on_private_test_are_counted_from_the_trail(study):
    assert "9 of the 10 recipes tried on a CPU" in said(copies.scored_often, study)[1]
    for row in study.trail:
        row["private_test"] = row is study.trail[0]
    title, text = said(copies.scored_often, study)
    assert "more than once" not in title and "1 of the 10" in text and "0 of the 12" in text


def test_test_images_that_recipes_were_chosen_with_have_their_scores(study):
    text = said(copies.search, study)[1]
    assert "5,632 of the 7,066 test images" in text
    assert text.count("the CNN (one run) scores") == 2 and "differ by 0.2 points" in text


def test_smote_is_said_to_move_the_classes_whose_test_rules_chance_out(study):
    title, text = said(paper.smote, study)
    assert "recall of single classes" in title
    assert "By our recipe (one run): under soft voting, disgust +11.4" in text
    assert "To the letter (three seeds): under soft voting" in text
    recalls = study.metrics["claims"]["cosine"]["detected"]["recalls"]
    for found in recalls["soft vote - soft vote, no SMOTE"].values():
        found["p_faces_holm"] = 0.2
    title, text = said(paper.smote, study)
    assert title == "SMOTE" and "By our recipe (one run): under soft voting, no class" in text


def test_cbam_is_compared_over_seeds_and_a_larger_spread_elsewhere_is_named(study):
    text = said(paper.cbam, study)[1]
    assert "three seeds each" in text and "`benchmark_gpu` has a larger one" in text
    study.metrics["headline"]["gpu"]["benchmark_gpu"]["spread"]["sd"] = 0.001
    assert "larger one" not in said(paper.cbam, study)[1]


def test_the_distilled_network_is_one_student_beside_the_teacher_of_its_seed(study):
    text = said(networks.teachers, study)[1]
    assert "is one student: it scores higher than the teacher of its seed, the weakest" in text
    study.metrics["headline"]["gpu_tests"]["all"]["distilled_gpu - benchmark_gpu"]["p_holm"] = 0.9
    assert "cannot be told apart" in said(networks.teachers, study)[1]


def test_the_cost_of_a_face_counts_views_and_stands_beside_the_cnns(study):
    text = said(networks.improved, study)[1]
    assert "527 million multiply-adds, its 10 views included (the CNN 131 million)" in text


def test_scores_far_from_the_papers_are_not_called_reproduced(study):
    assert "are reproduced within 1.2 points" in said(accuracy.reproduced, study)[0]
    study.metrics["cosine_stacking"]["stack"]["accuracy"] -= 0.2
    for finding in (accuracy.reproduced, main.reproduced):
        assert "are reproduced" not in said(finding, study)[0]


def test_the_committed_study_has_the_figures_of_every_finding(study):
    assert len(findings(study)) == len(FINDINGS)
    assert len(findings(study, main.MAIN)) == len(main.MAIN)


def test_a_finding_whose_figures_are_missing_is_left_out(study):
    everything = len(findings(study))
    del study.metrics["agreement"]
    assert len(findings(study)) == everything - 3
    assert findings(Study({}, {}, {}, [])) == []


def test_a_bullet_starts_each_sentence_large_and_ends_it():
    assert bullet("A title", ["one run", "`code` too"]) == "- **A title.** One run. `code` too."


def test_the_readme_says_gain_by_copies_only_where_there_is_none_without(study):
    assert "only on test faces" in said(main.copies, study)[0]
    for test in study.metrics["paired_tests"]["without_any_copy"].values():
        test |= {"difference": 0.05, "p_holm": 0.001}
    assert "only" not in said(main.copies, study)[0]


def test_the_readme_says_crops_do_no_better_only_until_they_do(study):
    assert "no better" in said(main.cropping, study)[0]
    test = study.metrics["seeds"]["against_cnn"]["cosine_uncropped"]["detected"]
    test |= {"difference": -0.05, "p_holm": 0.001}
    assert "no better" not in said(main.cropping, study)[0]


def test_the_readme_sets_votes_above_an_annotator_only_where_the_test_says_so(study):
    assert "more often than one annotator" in said(main.labels, study)[0]
    tests = study.metrics["agreement"]["private_test"]["tests"]["annotators"]
    tests["compact_ferplus - compact"]["p_holm"] = 0.3
    assert "annotator does" not in said(main.labels, study)[0]


@pytest.mark.parametrize(
    ("mean", "said_of_it"),
    [(0.6, "is below"), (0.71, "is above"), (0.6672, "cannot be told"), (0.656, "cannot be told")],
)
def test_the_letter_is_below_or_above_the_paper_only_beyond_both_intervals(study, mean, said_of_it):
    scores = study.metrics["claims"]["letter"]["detected"]["accuracy"]["cnn"]
    scores |= {"mean": mean, "low": mean - 0.01, "high": mean + 0.01}
    title, text = said(letter.letter, study)
    assert said_of_it in title and f"give {100 * mean:.1f}% (" in text
    assert said(main.letter, study)[0] == title
