"""Searches hyperparameters of a section of params.yaml with Optuna, on the validation faces.

Reads   SWEEPS of ferd/study/spaces.py: what is varied and which stages a trial runs; the committed
        params.yaml, code and dvc.lock; the outputs before these stages, from DVC's cache
Writes  <cache>/ferd/sweeps/<name>-<commit>.journal (Optuna's storage); a DVC experiment for each
        trial that ends; build/sweeps/<name>/: trials.csv, history.png, importance.png, slices.png
Run     make sweep SECTION=search TRIALS=40 WORKERS=2
        (or: python -m ferd.cluster.sweep search --trials 40 --workers 2 | --scheduler ADDRESS)
Takes   as many trainings as trials; a trial that is behind the others is stopped early
Expect  a line for each trial. `dvc exp show` compares them, `dvc exp apply NAME` takes one. No
        trial sees a test image. Given again after a stop, it goes on
"""

import argparse
import contextlib
import shutil
from collections import Counter
from pathlib import Path

from ferd.cluster.connect import add_options, connected, git, only_head, shared, source_of
from ferd.cluster.trials import best, open_study, run_trials
from ferd.commands.option_values import whole


def main():
    from ferd.study.spaces import SWEEPS

    parser = argparse.ArgumentParser(
        prog="python -m ferd.cluster.sweep",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("section", choices=list(SWEEPS), help="section of params.yaml")
    parser.add_argument("--trials", type=whole, required=True, help="number of trials that end")
    parser.add_argument("--name", help="name of the sweep (default: the section)")
    parser.add_argument("--seed", type=int, default=2024, help="seed of Optuna's draws")
    add_options(parser)
    given = parser.parse_args()
    with connected(given) as (client, folder):
        name, sweep = given.name or given.section, SWEEPS[given.section]
        search(client, name, given.section, sweep, given.trials, given.seed, given.url, folder)


def search(client, name, section, sweep, trials, seed=2024, url=None, folder=None):
    """Runs trials until so many have ended, and writes the table and figures.

    Args:
        client: `distributed.Client`.
        name: Name of the sweep, and the start of its experiments' names.
        section: Of params.yaml.
        sweep: `ferd.study.spaces.Sweep`.
        trials: Number of completed and pruned trials to reach, those of earlier calls included.
        seed: Of Optuna's draws. With several workers the order in which trials end matters too.
        url, folder: As in `ferd.cluster.connect.source_of`.

    Returns:
        `optuna.Study`.

    Raises:
        SystemExit: If tracked files are changed, another process runs the sweep, or all trials
            fail.
    """
    from dvc.repo import Repo

    with contextlib.closing(Repo()) as repo:
        source = source_of(repo, committed(repo.root_dir), url, folder)
        # Trials of another commit are of other code or settings: they are another sweep.
        journal = shared(repo, "sweeps") / f"{name}-{source['commit'][:10]}.journal"
        inputs, needs = inputs_and_needs(repo, sweep.stages)
    checkpoints = Path(source["checkpoints"], journal.stem)
    source |= {"journal": str(journal), "checkpoints": str(checkpoints)}
    job = {"stages": list(sweep.stages), "section": section, "watched": sweep.watched}
    with only_head(journal):
        study = open_study(journal, name, seed)
        job |= {"score": list(sweep.score), "inputs": inputs}
        run_trials(client, study, sweep.space, trials, source, job, needs)
        write_figures(study, Path("build/sweeps", name))
        if not any(trial.state.name == "RUNNING" for trial in study.trials):
            # Trials that failed have left theirs.
            shutil.rmtree(checkpoints, ignore_errors=True)
    return study


def inputs_and_needs(repo, stages):
    """What a trial takes from the cache, which has it afterwards, and what it needs of a worker.

    Args:
        repo: `dvc.repo.Repo`.
        stages: Names of the stages of a trial.

    Returns:
        Dict from `ferd.cluster.plan.inputs_of`, and dict of Dask resource to an amount.
    """
    from ferd.cluster.entries import locked
    from ferd.cluster.outputs import refuse_changed, store_what_is_there
    from ferd.cluster.plan import inputs_of, read_plan, sources_of

    plan = read_plan(repo, stages)
    inputs, sources = inputs_of(plan, stages, locked(repo)), sources_of(plan)
    refuse_changed(repo, sources)
    store_what_is_there(repo, {*plan, *sources})
    needs = Counter()
    for name in stages:
        needs |= Counter(plan[name].resources)  # of each kind the most
    return inputs, dict(needs)


def committed(folder):
    """Hash of HEAD, which the experiments belong to.

    Raises:
        SystemExit: If a tracked file differs from it.
    """
    if changed := git(folder, "status", "--porcelain", "--untracked-files=no"):
        raise SystemExit(f"an experiment belongs to a commit; commit these first:\n{changed}")
    return git(folder, "rev-parse", "HEAD")


def write_figures(study, folder):
    """Writes the trials as a table, and the figures that as many trials allow.

    Args:
        study: `optuna.Study`.
        folder: Where.
    """
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt
    from optuna.visualization import matplotlib as draw

    folder.mkdir(parents=True, exist_ok=True)
    study.trials_dataframe().to_csv(folder / "trials.csv", index=False)
    complete = [one for one in study.trials if one.state.name == "COMPLETE"]
    figures = {"history": draw.plot_optimization_history} if complete else {}
    if len({one.value for one in complete}) > 1:
        figures |= {"importance": draw.plot_param_importances, "slices": draw.plot_slice}
    for name, function in figures.items():
        function(study)
        plt.savefig(folder / f"{name}.png", dpi=100, bbox_inches="tight")
        plt.close("all")
    print(f"best: {best(study)}; dvc exp apply takes it" if complete else "no trial has ended")


if __name__ == "__main__":
    main()
