"""Trains the paper's network with CBAM attention after each block's batch normalization.

Reads   data/crops.npz; sections train and ablation_cbam of params.yaml
Writes  the files that stages/train.py lists, for the run ablation_cbam
Run     dvc repro score@ablation_cbam   (or: python -m stages.ablation_cbam)
Takes   a quarter longer than train; a stopped training resumes after its last finished epoch
Expect  about train's accuracy at a higher cost; the paper reports a lower accuracy at a higher cost
"""

from ferd.study import stage
from stages import train


def main():
    train.main("ablation_cbam")


if __name__ == "__main__":
    stage.run(main, __doc__)
