"""Trains the paper's network with stronger augmentation for the under-represented classes only.

Reads   data/crops.npz; sections train and ablation_augment of params.yaml, or those given
Writes  the files that stages/train.py lists, for the run ablation_augment or the given one
Run     dvc repro score@ablation_augment   to the letter
        dvc repro score@cosine_augment     by our recipe
        (or, from the top folder: python -m stages.ablation_augment)
Takes   as long as train; a stopped training resumes after its last finished epoch
Expect  a lower accuracy than train's, as in the paper, which gives neither ranges nor a number
"""

from ferd.study import stage
from stages import train


def main(run="ablation_augment", base="train", change="ablation_augment"):
    train.main(run, [base, change])


if __name__ == "__main__":
    stage.run(main, __doc__, stage.variant_arguments("ablation_augment"))
