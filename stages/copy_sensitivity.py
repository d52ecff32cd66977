"""Tests whether the lead of `improved` depends on which correlation counts as a copy.

Reads   data/copy_correlations.csv, data/audit.csv (the bootstrap draws copies of a picture
        together), plots/improved/<seed>/predictions.csv, plots/cosine/predictions.csv,
        plots/replicate/cosine_<seed>/predictions.csv; sections copy_sensitivity and sampling of
        params.yaml
Writes  metrics/details/copy_sensitivity.json: by least correlation of a copy the detected test
        faces that have one and those left, and on the latter the mean accuracy over the seeds of
        `first` (improved) and `second` (the CNN), with the 95% interval of the difference
Run     dvc repro copy_sensitivity
        (or, from the top folder: python -m stages.copy_sensitivity)
Takes   seconds
Expect  fewer faces with a lower correlation, and nearly the same difference
"""

from ferd.study import stage
from ferd.study.pipeline import read_pipeline, written_by
from ferd.study.settings import load


def main():
    sampling, thresholds = load("sampling"), load("copy_sensitivity")["correlations"]
    compare_networks(thresholds, sampling["bootstrap_draws"], sampling["seed"])


def compare_networks(thresholds, draws, seed):
    """Writes the stage's output."""
    import pandas as pd

    from ferd.scoring.copy_sensitivity import copy_sensitivity
    from ferd.scoring.evaluation import read_audit
    from ferd.study.base.results import write_json

    first, second = ([pd.read_csv(path) for path in paths] for paths in tables())
    correlations = pd.read_csv("data/copy_correlations.csv", index_col="name")
    groups = read_audit()["copy_group"]
    found = copy_sensitivity(correlations, thresholds, first, second, groups, draws, seed)
    write_json("metrics/details/copy_sensitivity.json", found)


def tables():
    """Paths of the predictions of `improved` and of the CNN, one per seed that dvc.yaml trains."""
    from ferd.scoring.families import tables_of

    written = written_by(read_pipeline(), "plots")
    improved = [path for path in written if path.startswith("plots/improved/")]
    first = [path for path in improved if path.endswith("/predictions.csv")]
    return first, [f"plots/{name}.csv" for name in tables_of("cosine", written)["cnn"]]


if __name__ == "__main__":
    stage.run(main, __doc__)
