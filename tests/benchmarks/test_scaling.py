"""benchmarks/scaling: the plan for many images, from made-up measurements, and its document."""

import json

import pytest

from tests.helpers.code import ROOT

MACHINE = {"processor": "P", "cores": 2}
MEDIANS = {
    **{
        f"{kind}_{place}": {"milliseconds_per_photo": milliseconds, "photos_per_second": 5.0}
        for kind, milliseconds in (("photos", 36.0), ("crops", 0.9))
        for place in ("alone", "1_worker", "2_workers")
    },
    "tasks": {"milliseconds_per_partition": 9.0},
    "listing": {"microseconds_per_file": 6.0},
    "storage": {
        **{"bytes_per_row_parquet": 100, "bytes_per_row_jsonl": 350},
        **{"bytes_per_photo": 200_000, "bytes_per_crop": 1_500},
    },
}


def test_the_plan_multiplies_what_was_measured(load):
    plan = load("scaling.plan").plan(MEDIANS, "photos")
    wanted = {"core_hours": 1000, "hours": 1, "price": 40, "partition": 512, "partitions": 195312.5}
    wanted |= {"partition_seconds": 18.432, "most_cores": 2048, "read_tb": 20}
    wanted |= {
        "read_mb_per_second": 5555.6,
        "parquet_gb": 10,
        "jsonl_gb": 35,
        "listing_minutes": 10,
    }
    assert plan == pytest.approx(wanted, rel=1e-4)
    crops = load("scaling.plan").plan(MEDIANS, "crops")
    assert (crops["core_hours"], crops["read_tb"]) == pytest.approx((25, 0.15))


def test_every_measured_number_is_in_a_table(load):
    section = {"rounds": 3, "machine": MACHINE, "busy_cores": 1.84, "median": MEDIANS}
    section["milliseconds_per_photo_2_workers_to_1"] = {"photos": 1.02, "crops": 0.99}
    joblib = section | {
        "median": {
            **{f"{work}_joblib": row(2.0) for work in load("scaling.tables").WORKS},
            **{f"{work}_dask": row(6.0) for work in load("scaling.tables").WORKS},
            "bootstrap_alone": row(0.1),
        },
        "seconds_relative_to_joblib": dict.fromkeys(load("scaling.tables").WORKS, 3.0),
        "processor_seconds_relative_to_joblib": dict.fromkeys(load("scaling.tables").WORKS, 3.0),
    }
    results = {"scale": section, "joblib_backends": joblib}
    text = load("scaling.tables").scale_block(results, {"crop": {"seconds": 77.8, **CROP}})
    assert "of which 1.8 were busy" in text and "say little here" in text
    assert "a photo takes 1.02 times" in text and "a crop 0.99 times" in text
    assert "| photos of 1024x768, 2 workers | 36 | 5 |" in text
    assert "| random forest, 50 trees | 2 | 6 | 3.0 | 3.0 |" in text
    assert "78 s for 35,887 images on 2 cores" in text


def test_the_rate_of_two_workers_is_told_where_the_machine_was_idle(load):
    section = {"busy_cores": 0.01}
    section["milliseconds_per_photo_2_workers_to_1"] = {"photos": 1.04, "crops": 1.06}
    section["photos_per_second_2_workers_to_1"] = {"photos": 1.83, "crops": 1.7}
    text = load("scaling.tables").hindrance(section)
    assert "1.83 times as many photos per second" in text and "1.70 times as many crops" in text


CROP = {"images": 35_887, "cores": 2}


def row(seconds):
    return {"seconds": seconds, "processor_seconds": seconds}


def test_the_document_has_the_committed_measurements(load):
    results = json.loads((ROOT / "benchmarks/results.json").read_text())
    text = (ROOT / "docs/scale.md").read_text(encoding="utf-8")
    assert load("scaling.tables").scale_block(results, {}) in text
    assert {"scale", "joblib_backends"} <= results.keys()
