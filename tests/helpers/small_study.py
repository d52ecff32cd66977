"""A small study: params.yaml, dvc.yaml and data/audit.csv of a few small faces."""

import json
from pathlib import Path

import pandas as pd
import yaml

from ferd.study.pipeline import read_pipeline
from tests.helpers.settings import REPO, VALUES

# Values that differ from the committed ones, in sections that have every key.
SMALL = {
    "train": {
        **{"seed": 5, "validation_fraction": 0.25, "epochs": 1, "batch_size": 16},
        **{"learning_rate": 0.001, "warmup_epochs": 1, "early_stopping_patience": 3},
        **{"validation_groups": "exact", "precision": "float32"},
    },
    "cosine": {"epochs": 1, "early_stopping_patience": 3},
    "recipe": {
        **{"crop_size": 8, "stem": 16, "stem_stride": 1, "widths": [16, 32], "blocks": [1, 1]},
        # At 0.99 the running means of a few steps are still those of the start.
        **{"batch_norm_momentum": 0.8, "epochs": 1, "batch_size": 14, "warmup_epochs": 0},
        **{"average": 0.8, "validation_fraction": 0.25, "precision": "float32"},
    },
    "audit": {"ferplus": False},
    "predict": {"batch_size": 16},
    "sampling": {"seed": 1, "bootstrap_draws": 100},
    "evaluate": {"bins": 5},
    "ablation_cbam": {"reduction_ratio": 8, "kernel_size": 3},
    "cosine_precision": {"precision": "bfloat16"},
    "explain": {"faces": 5},
}
TAUGHT = {"distillation": 0.0, "teacher": "benchmark_gpu"}
# Sections of differences, whose committed values are for larger faces.
DIFFERENCES = {
    **{"search": {"split": "official"}, "improved": {}, "benchmark_fer2013": {}, "compact": {}},
    "compact_ferplus": {"base": "compact"},
    "compact_copies": {"base": "compact", "exclude_test_copies": True},
    "mixed": {"base": "compact", "label_share": 1.0},
    "benchmark_gpu": {},
    "distilled_gpu": {"base": "benchmark_gpu", **TAUGHT},
    "compact_gpu": {"base": "compact", **TAUGHT},
}


def write_params(**changes):
    """Writes params.yaml of a small study into the working folder.

    Args:
        **changes: Dict of further values, by section.

    Returns:
        Dict of its sections.
    """
    sections = {name: values | SMALL.get(name, {}) for name, values in VALUES.items()}
    sections |= DIFFERENCES
    for name, values in changes.items():
        sections[name] = sections[name] | values
    Path("params.yaml").write_text(yaml.safe_dump(sections, sort_keys=False))
    return sections


def write_pipeline(source="dvc.yaml", **lines):
    """Writes the committed pipeline into the working folder, with other lines of some stages.

    Args:
        source: Its path, from the top folder.
        **lines: Foreach or matrix, by stage.
    """
    pipeline = read_pipeline(REPO / source)
    for name, items in lines.items():
        stage = pipeline["stages"][name]
        stage["matrix" if "matrix" in stage else "foreach"] = items
    Path(source).parent.mkdir(parents=True, exist_ok=True)
    Path(source).write_text(yaml.safe_dump(pipeline, sort_keys=False))


def write_audit(names, found, copied=()):
    """Writes data/audit.csv of images that are all different, but for those with a copy in train.

    Args:
        names: Names of the images.
        found: Whether a face was found in each.
        copied: Names of those with an exact copy.
    """
    rows = pd.DataFrame([name.split("/") for name in names], columns=["split", "class", "name"])
    copy = ["exact" if name in copied else "none" for name in names]
    rows = rows.assign(found=[int(one) for one in found], copy=copy, shifted_copy=0)
    rows["copy_other_label"], rows["copy_group"] = 0, range(len(rows))
    Path("data").mkdir(exist_ok=True)
    rows.to_csv("data/audit.csv", index=False)


def read(path):
    """The content of a JSON file."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def contents(*folders):
    """Dict of path to bytes of every file in some folders."""
    files = [path for folder in folders for path in Path(folder).rglob("*") if path.is_file()]
    return {path.as_posix(): path.read_bytes() for path in files}
