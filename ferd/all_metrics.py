"""Reads the metrics that all stages wrote."""

import json
from pathlib import Path

STAGES = (
    *("fetch", "crop", "audit", "train", "extract"),
    *("automl_compare", "automl_voting", "automl_stacking"),
    *("ablation_uncropped", "ablation_cbam", "ablation_augment", "ablation_smote"),
    *("ablation_augment_look", "ablation_precision", "ablation_twins", "ablation_twins_automl"),
    *("probabilities", "extract_oof", "automl_oof", "evaluate", "seeds", "explain", "export"),
    *("search", "headline"),
)


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
