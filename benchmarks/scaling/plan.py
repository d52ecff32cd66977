"""Computes what a hundred million photos need from the section `scale` of results.json."""

from ferd.study.markdown import markdown

IMAGES = 100_000_000
CORES = 1_000
PRICE = 0.04  # US dollars for an hour of a core: an assumption, not a measurement
KINDS = ("photos", "crops")
PARTITION = {"photos": 512, "crops": 4_096}  # files: some seconds of work


def plan(medians, kind):
    """The needs of one kind of image, with one row each.

    Args:
        medians: Medians of the section `scale`, by variant.
        kind: One of `KINDS`.

    Returns:
        Dict of quantity to number; its keys are those of `LINES`.
    """
    seconds = medians[f"{kind}_2_workers"]["milliseconds_per_photo"] / 1000
    partitions = IMAGES / PARTITION[kind]
    storage = medians["storage"]
    hours = IMAGES * seconds / 3600
    image = storage["bytes_per_photo" if kind == "photos" else "bytes_per_crop"]
    each = medians["tasks"]["milliseconds_per_partition"] / 1000
    return {
        "core_hours": hours,
        "hours": hours / CORES,
        "price": hours * PRICE,
        "partition": PARTITION[kind],
        "partitions": partitions,
        "partition_seconds": seconds * PARTITION[kind],
        "most_cores": seconds * PARTITION[kind] / each,
        "read_tb": IMAGES * image / 1e12,
        "read_mb_per_second": CORES * image / seconds / 1e6,
        "parquet_gb": IMAGES * storage["bytes_per_row_parquet"] / 1e9,
        "jsonl_gb": IMAGES * storage["bytes_per_row_jsonl"] / 1e9,
        "listing_minutes": IMAGES * medians["listing"]["microseconds_per_file"] / 1e6 / 60,
    }


LINES = {
    "core_hours": "processor time, core-hours",
    "hours": f"hours on {CORES:,} cores",
    "price": f"price, if a core-hour is {PRICE} US dollars, US dollars",
    "partition": "files of a partition (`--partition-size`)",
    "partitions": "partitions, Parquet files",
    "partition_seconds": "seconds of a partition on one core",
    "most_cores": "cores that one scheduler and one head keep busy",
    "read_tb": "images to read, TB",
    "read_mb_per_second": f"images to read with {CORES:,} cores, MB per second",
    "parquet_gb": "rows as Parquet, one per image, GB",
    "jsonl_gb": "rows as JSON lines, one per image, GB",
    "listing_minutes": "listing the files on a local disk, minutes",
}


def plan_table(section):
    """Markdown: the needs of both kinds of images.

    Args:
        section: Section `scale` of results.json.
    """
    plans = [plan(section["median"], kind) for kind in KINDS]
    rows = [[text, *(number(one[key]) for one in plans)] for key, text in LINES.items()]
    return markdown(["for 100 million images", "photos of 1024x768", "ready crops of 48x48"], rows)


def number(value):
    """Two digits below 100, whole numbers above."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.2g}"
