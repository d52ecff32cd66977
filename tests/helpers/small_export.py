"""What the stage export reads, of small faces."""

from pathlib import Path

from ferd.training.recipes.data import join
from tests.helpers.small_faces import make_faces, write_crops
from tests.helpers.small_networks import SIZE
from tests.helpers.small_study import write_params

WINDOW = SIZE - 4
CHANGES = {
    "recipe": {"crop_size": WINDOW, "widths": [16, 16], "blocks": [1, 1]},
    "improved": {"input_form": "whole_detected", "views": "ten"},
    "export": {"calibration_faces": 1000, "batch_size": 16, "timed_faces": 2},
    "crop": {"levels": [0, 2], "face_size": SIZE},
}
SPLITS = ((4, "train"), (5, "test"))


def write_boxes(faces):
    """data/crops.csv, the boxes two columns and three rows inside the images."""
    rows = []
    for name, found in zip(faces.names, faces.found, strict=True):
        box = (2, 3, SIZE - 2, SIZE - 1) if found else ("", "", "", "")
        rows.append(",".join(map(str, [*name.split("/"), SIZE, SIZE, int(found), *box])))
    head = "split,class,name,width,height,found,left,top,right,bottom"
    Path("data/crops.csv").write_text("\n".join([head, *rows]) + "\n")


def write_study():
    """params.yaml and what the stage crop writes of small faces, into the working folder."""
    write_params(**CHANGES)
    splits = {name: make_faces((6,) * 7, number, SIZE, name) for number, name in SPLITS}
    write_crops(splits=splits)
    write_boxes(join(splits["train"], splits["test"]))
