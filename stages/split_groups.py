"""Groups the train images that are exact, near or shifted copies of each other.

Reads   data/crops.npz; key near_correlation of section audit of params.yaml
Writes  data/split_groups.csv (a row per train image: its name and the number of its group). The
        trainings keep a group on one side of their split into training and validation faces
Run     dvc repro split_groups    (or, from the top folder: python -m stages.split_groups)
Takes   about 3 minutes on 2 cores: every pair of the 28,821 train images is compared, shifted and
        mirrored
Expect  most images in a group of their own
"""

from ferd.study import stage
from ferd.study.settings import load


def main():
    import pandas as pd

    from ferd.dataset.copies.split_groups import split_groups
    from ferd.dataset.parts.faces import load_faces
    from ferd.study.base.results import write_table

    faces = load_faces("train", view="whole")
    groups = split_groups(faces.images, load("audit")["near_correlation"])
    write_table("data/split_groups.csv", pd.DataFrame({"name": faces.names, "group": groups}))


if __name__ == "__main__":
    stage.run(main, __doc__)
