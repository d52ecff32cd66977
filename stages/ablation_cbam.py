"""Trains the paper's network with CBAM attention after each block's batch normalization.

Reads   data/crops.npz; sections train and ablation_cbam of params.yaml, or those given
Writes  the files that stages/train.py lists, for the run ablation_cbam or the given one
Run     dvc repro score@ablation_cbam   to the letter
        dvc repro score@cosine_cbam     by our recipe
        (or, from the top folder: python -m stages.ablation_cbam)
Takes   up to twice as long as train; a stopped training resumes after its last finished epoch
Expect  about train's accuracy at a higher cost; the paper reports a lower accuracy at a higher cost
"""

from ferd.study import stage
from stages import train


def main(run="ablation_cbam", base="train", change="ablation_cbam"):
    train.main(run, [base, change])


if __name__ == "__main__":
    stage.run(main, __doc__, stage.variant_arguments("ablation_cbam"))
