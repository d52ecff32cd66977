"""Writes the section `workers` of results.json as Markdown."""

from scaling.tables import IDLE

from ferd.study.markdown import markdown

RUNS = {
    "one_after_the_other": "`dvc repro`",
    "one_after_the_other_on_one_core": "`dvc repro` on one core",
    "two_workers": "`WORKERS=2`",
    "three_workers": "`CLUSTER=`, three workers at three addresses of this machine",
    "three_workers_one_killed": "the same, one worker killed during a training",
}


def workers_block(section):
    """Markdown of docs/cluster.md: minutes of the reduced study, and how many files are equal.

    Args:
        section: `workers` of benchmarks/results.json.
    """
    return f"{circumstances(section)}\n\n{runs_table(section)}\n\n{equality(section)}"


def circumstances(section):
    machine, busy = section["machine"], section["busy_cores"]
    rounds = "One run each" if section["rounds"] == 1 else f"Medians of {section['rounds']} runs"
    text = (
        f"{rounds}; {machine['processor']}, {machine['cores']} cores, "
        f"{', '.join(machine['instructions'])}"
    )
    if busy < IDLE:
        return f"{text}."
    return f"{text}. Other programs used {busy:.1f} cores afterwards: compare rows with each other."


def runs_table(section):
    times = section["times_one_after_the_other"]
    rows = [
        [words, f"{section['median'][name]['seconds'] / 60:.1f}", f"{times[name]:.2f}"]
        for name, words in RUNS.items()
    ]
    return markdown(["run", "minutes", "times as fast as `dvc repro`"], rows)


def equality(section):
    """A sentence: files of metrics/ and plots/ with the bytes of `dvc repro` on one core."""
    equal, files = section["files_as_on_one_core"], section["files"]
    workers = sorted({equal[name] for name in ("two_workers", "three_workers", "killed")})
    count = "all" if workers == [files] else " or ".join(map(str, workers))
    text = (
        f"Of the {files} files in `metrics/` and `plots/`, without costs, the runs on workers "
        f"wrote {count} with the same bytes as `dvc repro` on one core."
    )
    alone = equal["one_after_the_other"]
    if alone == files:
        return text
    return (
        f"{text} `dvc repro` on all cores wrote {alone}, because the weights of networks differ in "
        "their last digits."
    )
