"""Finds the face in every image with dlib and crops it.

Reads   data/raw/<split>/<class>/<image>
Writes  data/crops.npz (whole and cropped images), data/crops.csv (a row per image),
        data/crop_figures/ (detected and undetected faces; not in git), metrics/details/crop.json,
        metrics/cost/crop.json
Run     dvc repro crop            (or, from the top folder: python -m stages.crop)
Takes   about 2 minutes on 2 cores for 35,887 images
Expect  within some dozens of the paper's counts: 26,933 faces, 21,579 in train and 5,354 in test
"""

from pathlib import Path

from ferd.study import stage
from ferd.study.cost import measure_cost
from ferd.study.settings import load


def main():
    with measure_cost("metrics/cost/crop.json") as cost:
        crop_everything(load("crop"), cost)


def crop_everything(settings, cost):
    """Crops the images of data/raw and writes all outputs of the stage."""
    from tqdm import tqdm

    from ferd.dataset.crop.crop_files import crop_files, detection_table, list_images
    from ferd.study.base.results import write_json, write_table

    entries = list_images("data/raw")
    results = crop_files(
        [file for _, _, file in entries],
        settings["levels"],
        settings["face_size"],
        progress=lambda items: tqdm(items, total=len(entries), unit="image", mininterval=5),
    )
    _, _, detections, sides = zip(*results, strict=True)
    table = detection_table(entries, detections, sides)
    for split in ("train", "test"):
        if not table[table["split"] == split]["found"].any():
            raise SystemExit(
                f"no face found in any {split} image; look at data/raw and crop.levels"
            )
    write_arrays(results, table)
    write_table("data/crops.csv", table)
    write_figures(results, table, settings["figure_columns"])
    write_json("metrics/details/crop.json", count_faces(table, settings["levels"]))
    cost["images"] = len(entries)


def write_arrays(results, table):
    """Writes data/crops.npz, a row per image in the order of data/crops.csv."""
    import numpy as np

    from ferd.classes import CLASSES

    np.savez(
        "data/crops.npz",
        whole=np.stack([whole for whole, *_ in results]),
        crops=np.stack([cut for _, cut, *_ in results]),
        found=table["found"].to_numpy(bool),
        classes=table["class"].map(CLASSES.index).to_numpy("int64"),
        splits=table["split"].to_numpy("U5"),
        names=(table["split"] + "/" + table["class"] + "/" + table["name"]).to_numpy("U"),
    )


def write_figures(results, table, columns):
    """Draws the paper's Figs. 1 and 2: the first found and not-found faces of each class."""
    import cv2

    from ferd.classes import CLASSES
    from ferd.dataset.crop.contact_sheet import contact_sheet

    folder = Path("data/crop_figures")
    folder.mkdir(parents=True, exist_ok=True)
    for title, wanted, view in (("found_whole", 1, 0), ("found_crops", 1, 1), ("not_found", 0, 0)):
        rows = []
        for name in CLASSES:
            mask = (table["class"] == name) & (table["found"] == wanted)
            rows.append([results[index][view] for index in table.index[mask][:columns]])
        cv2.imwrite(str(folder / f"{title}.png"), contact_sheet(rows))


def count_faces(table, levels):
    """Found and not-found images in all, per level, per split and per class."""
    found = table[table["found"] == 1]
    counts = {
        "images": len(table),
        "found": len(found),
        "found_share": len(found) / len(table),
        "level": {str(level): int((found["level"] == level).sum()) for level in sorted(levels)},
    }
    for split, images in table.groupby("split", sort=True):
        per_class = images.groupby("class")["found"].sum()
        counts[split] = {"images": len(images), "found": int(images["found"].sum())}
        counts[split]["found_per_class"] = {name: int(n) for name, n in per_class.items()}
    return counts


if __name__ == "__main__":
    stage.run(main, __doc__)
