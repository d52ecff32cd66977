"""Saves a Keras model; the same weights always give the same bytes.

A `.keras` file is a zip with the date of saving, in its metadata and for every entry, and with
memory addresses as the numbers of shared objects. DVC would take each rerun for a new result. Here
dates are constant and objects are counted from 1.
"""

import json
import os
import zipfile
from pathlib import Path

EPOCH = (1980, 1, 1, 0, 0, 0)


def save_model(model, path):
    """Writes `model` to `path` (a name ending in .keras); replaces a file there in one step."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    dated = path.with_name("dated.partial.keras")
    undated = path.with_name("undated.partial.keras")
    model.save(dated)
    with zipfile.ZipFile(dated) as source, zipfile.ZipFile(undated, "w") as target:
        for name in sorted(source.namelist()):
            content = source.read(name)
            if name == "config.json":
                content = json.dumps(_renumbered(json.loads(content), {})).encode()
            if name == "metadata.json":
                content = json.dumps(
                    json.loads(content) | {"date_saved": "1980-01-01@00:00:00"}
                ).encode()
            target.writestr(zipfile.ZipInfo(name, EPOCH), content)
    dated.unlink()
    os.replace(undated, path)


def _renumbered(tree, numbers):
    if isinstance(tree, list):
        return [_renumbered(item, numbers) for item in tree]
    if not isinstance(tree, dict):
        return tree
    result = {key: _renumbered(value, numbers) for key, value in tree.items()}
    if "shared_object_id" in result:
        address = result["shared_object_id"]
        result["shared_object_id"] = numbers.setdefault(address, len(numbers) + 1)
    return result
