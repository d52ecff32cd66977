"""Trains the paper's network with settings to be tried, and never predicts a test face.

Reads   as stages/train.py, with section train_search
Writes  the files that stages/train.py lists, for the run train_search; its predictions.csv has a
        row per validation face
Run     make sweep SECTION=train_search TRIALS=20       tries many settings
        dvc exp run -S +train_search.learning_rate=0.0005 score@train_search
        (or, from the top folder: python -m stages.train_search)
Takes   as long as train; a stopped training resumes after its last finished epoch
Expect  a row with validation_accuracy in `dvc metrics show`
"""

from ferd.study import stage
from stages import train


def main(run="train_search", base="train", change="train_search"):
    train.main(run, [base, change], shown="validation")


if __name__ == "__main__":
    stage.run(main, __doc__, stage.variant_arguments("train_search"))
