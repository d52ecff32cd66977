"""Reads the metrics that all stages wrote."""

import json
from pathlib import Path

STAGES = (
    *("fetch", "crop", "audit", "train", "extract"),
    *("flip_averaging", "automl_compare", "automl_voting", "automl_stacking"),
    *("ablation_uncropped", "ablation_cbam", "ablation_augment", "ablation_smote"),
    *("ablation_augment_look", "ablation_precision", "ablation_twins", "ablation_twins_automl"),
    *("probabilities", "extract_oof", "automl_oof", "evaluate", "seeds", "explain", "export"),
    *("search", "export_improved", "export_compact", "headline", "compact_ferplus", "agreement"),
    *("export_compact_ferplus", "ablation_twins_compact"),
)
# Stages of several trainings, each with a file of its own: metrics/cost/<stage>/<training>.json.
REPEATED = ("replicate", "improved", "improved_hybrid", "benchmark_fer2013", "compact")


def read_costs(folder, partial=False):
    """As `read_all`, with every training of the repeated stages as `<stage>/<training>` after it.

    Args:
        folder: "metrics/cost".
        partial: As in `read_all`.
    """
    found = read_all(folder, partial)
    for stage in REPEATED:
        for path in sorted(Path(folder, stage).glob("*.json")):
            found[f"{stage}/{path.stem}"] = json.loads(path.read_text(encoding="utf-8"))
    return found


def read_all(folder, partial=False):
    """Reads the metrics of all stages.

    Args:
        folder: Where their JSON files are: "metrics" or "metrics/cost".
        partial: Leave out what is missing instead of stopping.

    Returns:
        Dict of stage to metrics, in the order of `STAGES`.

    Raises:
        SystemExit: If a file is missing or not JSON.
    """
    found = {}
    for stage in STAGES:
        path = Path(folder, f"{stage}.json")
        if partial and not path.exists():
            continue
        try:
            found[stage] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise SystemExit(f"{path} cannot be read, run dvc repro {stage}: {error}") from error
    return found
