"""Writes the sections `scale` and `joblib_backends` of results.json as Markdown."""

from scaling.plan import plan_table

from ferd.study.markdown import markdown

IMAGES = {"photos": "photos of 1024x768", "crops": "ready crops of 48x48"}
PLACES = {"alone": "no cluster", "1_worker": "1 worker", "2_workers": "2 workers"}
WORKS = {
    "random_forest": "random forest, 50 trees",
    "extra_trees": "extra trees, 50 trees",
    "stack": "stack of extra trees (50), LightGBM (25 rounds) and LDA, 3 folds",
    "bootstrap": "1,000 redraws of 5,354 predictions",
}
# With fewer busy cores before the measurement the machine was idle.
IDLE = 0.2
FITTED = "28,000 faces with 256 features in 7 classes"


def scale_block(results, costs):
    """Markdown of docs/scale.md: what was measured, what follows for 100 million images, joblib.

    Args:
        results: Dict of benchmarks/results.json; sections that are missing are left out.
        costs: Dict of stage to its metrics/cost file.
    """
    parts = []
    if "scale" in results:
        section = results["scale"]
        parts += ["### Measured", beside(section), workers_table(section)]
        parts += [hindrance(section), singles(section)]
        parts += ["### Needed for 100 million images", plan_table(section)]
    if "joblib_backends" in results:
        section = results["joblib_backends"]
        parts += ["### joblib's backends", beside(section), backends_table(section)]
        parts.append(f"Random data: {FITTED}. {alone(section)}")
    if "crop" in costs:
        parts.append(crop_sentence(costs["crop"]))
    return "\n\n".join(parts)


def beside(section):
    """A sentence: rounds, machine, and how busy it was."""
    machine = section["machine"]
    text = (
        f"Medians of {section['rounds']} rounds in which the variants took turns; "
        f"{machine['processor']}, {machine['cores']} cores, "
    )
    if section["busy_cores"] < IDLE:
        return f"{text}otherwise idle (measured after the last round)."
    return (
        f"{text}of which {section['busy_cores']:.1f} were busy with other work: compare rows with "
        "each other."
    )


def workers_table(section):
    """Markdown: each kind of image without a cluster, on one and on two workers."""
    medians = section["median"]
    rows = []
    for kind, name in IMAGES.items():
        for place, words in PLACES.items():
            row = medians[f"{kind}_{place}"]
            rows.append(
                [
                    f"{name}, {words}",
                    digits(row["milliseconds_per_photo"]),
                    digits(row["photos_per_second"]),
                ]
            )
    return markdown(["images", "processor time of an image, ms", "images per second"], rows)


def hindrance(section):
    """Sentences: time and rate of two workers relative to one."""
    times = section["milliseconds_per_photo_2_workers_to_1"]
    text = (
        f"On two workers a photo takes {times['photos']:.2f} times the processor time that it "
        f"takes on one, a crop {times['crops']:.2f} times. "
    )
    if section["busy_cores"] >= IDLE:
        return f"{text}Images per second say little here: two workers share what is left to them."
    rates = section["photos_per_second_2_workers_to_1"]
    return (
        f"{text}Two workers predict {rates['photos']:.2f} times as many photos per second as one, "
        f"and {rates['crops']:.2f} times as many crops, with the command's own work on the same "
        "cores."
    )


def singles(section):
    """Markdown: what the head and the scheduler do, and the size of rows."""
    medians = section["median"]
    rows = [
        ["command and scheduler: processor time of a partition of 512 files, ms", "tasks"],
        ["listing: processor time of a file, µs", "listing"],
        ["row as Parquet, bytes", "bytes_per_row_parquet"],
        ["row as JSON lines, bytes", "bytes_per_row_jsonl"],
        ["photo of 1024x768 as JPEG, bytes", "bytes_per_photo"],
    ]
    values = {
        "tasks": medians["tasks"]["milliseconds_per_partition"],
        "listing": medians["listing"]["microseconds_per_file"],
        **medians["storage"],
    }
    return markdown(["measured", "value"], [[name, digits(values[key])] for name, key in rows])


def backends_table(section):
    """Markdown: processor time on joblib's own backend and on two Dask workers, and the ratios."""
    medians = section["median"]
    rows = [
        [
            words,
            *(digits(medians[f"{name}_{one}"]["processor_seconds"]) for one in ("joblib", "dask")),
            f"{section['processor_seconds_relative_to_joblib'][name]:.1f}",
            f"{section['seconds_relative_to_joblib'][name]:.1f}",
        ]
        for name, words in WORKS.items()
    ]
    head = [
        "fit, with 2 jobs",
        "joblib's own backend: processor time, s",
        "Dask: processor time, s",
    ]
    return markdown([*head, "Dask / own", "seconds, Dask / own"], rows)


def alone(section):
    seconds = section["median"]["bootstrap_alone"]["seconds"]
    return (
        f"The same redraws in one process without joblib, as the study does them: {seconds:.2g} s."
    )


def crop_sentence(cost):
    """A sentence: why `crop` has no cluster of its own."""
    return (
        f"The stage `crop` takes {cost['seconds']:.0f} s for {cost['images']:,} images on "
        f"{cost['cores']} cores, and uses all of them. A cluster could save less than that, so "
        "it runs as one stage."
    )


def digits(value):
    """Three digits, or a whole number."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
