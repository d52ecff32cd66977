"""Runs the trials of a sweep on the workers, with the values that Optuna chooses."""

import json
import uuid

STATES = "COMPLETE", "PRUNED"


def open_study(journal, name, seed):
    """Opens the sweep, or the one that a stop has left.

    Args:
        journal: File of Optuna's storage, which all workers reach.
        name: Of the sweep.
        seed: Of the draws.
    """
    import optuna
    from optuna.storages.journal import JournalFileBackend

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(
        storage=optuna.storages.JournalStorage(JournalFileBackend(str(journal))),
        study_name=name,
        direction="maximize",
        load_if_exists=True,
    )
    # Else it would draw the first values again after a stop.
    study.sampler = optuna.samplers.TPESampler(seed=seed + len(study.trials))
    return study


def interrupted(study, space):
    """The trials that were running at a stop: they go on, with the losses that they reported.

    Args:
        study: `optuna.Study`.
        space: As in `run_trials`. A trial that has not drawn all of it is left out and fails.
    """
    from optuna.trial import Trial, TrialState

    found = []
    for one in study.get_trials(states=[TrialState.RUNNING]):
        if set(one.params) == set(space):
            found.append(Trial(study, one._trial_id))
        else:
            study.tell(one.number, state=TrialState.FAIL)
    return found


def run_trials(client, study, space, trials, source, job, needs=()):
    """Keeps every worker busy with a trial until so many have ended; first those of a stop.

    Args:
        client: `distributed.Client`.
        study: `optuna.Study`.
        space: Dict of key to `ferd.study.spaces.Between` or `OneOf`.
        trials: Number of completed and pruned trials to reach.
        source, job: For `ferd.cluster.worker.run_on_worker`.
        needs: Dict of Dask resource to what a trial needs of it.

    Raises:
        SystemExit: If there is no worker, none has what a trial needs, or as many trials fail one
            after the other as there are workers.
    """
    from distributed import wait

    from ferd.cluster import worker
    from ferd.cluster.head import declared_resources, fitted, places_of, result_of

    resources = fitted("of a trial", dict(needs), declared_resources(client))
    run, running, failures, cores = uuid.uuid4().hex[:8], {}, 0, {}
    again = interrupted(study, space)
    while True:
        # Without a worker for the moment, a trial waits for the next one.
        threads = max(1, sum(client.nthreads().values()))
        source = {**source, "places": places_of(client, cores)}
        ended = [one for one in study.trials if one.state.name in STATES]
        while len(running) < min(threads, trials - len(ended)):
            trial = again.pop(0) if again else study.ask(distributions(space))
            name = f"{study.study_name}-{trial.number:03d}"
            key, values = f"{name}-{run}", values_of(space, trial.params)
            one = {**job, "experiment": name, "values": values, "trial": trial._trial_id}
            options = {"key": key, "pure": False, "resources": resources}
            future = client.submit(worker.run_on_worker, key, source, one, **options)
            running[future] = trial
        if not running:
            return
        for future in wait(list(running), return_when="FIRST_COMPLETED").done:
            trial, result = running.pop(future), result_of(future)
            failures = 0 if tell(study, trial, result) else failures + 1
            future.release()
        if failures >= threads:
            raise SystemExit("the last trials failed; see the lines above")


def distributions(space):
    """Optuna's distributions of the values of a space."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    found = {}
    for key, one in space.items():
        if hasattr(one, "values"):
            found[key] = CategoricalDistribution([choice(value) for value in one.values])
        else:
            kind = IntDistribution if one.whole else FloatDistribution
            found[key] = kind(one.low, one.high, log=one.log)
    return found


def choice(value):
    """A value as Optuna's journal can have it: a list as JSON."""
    return json.dumps(value) if isinstance(value, (list, tuple)) else value


def values_of(space, params):
    """What a trial tries.

    Args:
        space: As in `run_trials`.
        params: Dict of key to what Optuna drew.
    """
    lists = {
        key: {choice(value): value for value in one.values if choice(value) is not value}
        for key, one in space.items()
        if hasattr(one, "values")
    }
    return {key: lists.get(key, {}).get(value, value) for key, value in params.items()}


def tell(study, trial, result):
    """Tells Optuna how a trial ended and prints a line.

    Args:
        study: `optuna.Study`.
        trial: `optuna.Trial`.
        result: What `ferd.cluster.worker.run_on_worker` returned.

    Returns:
        Whether it did not fail.
    """
    from optuna.trial import TrialState

    name = f"{study.study_name}-{trial.number:03d}"
    minutes = f"{result['seconds'] / 60:.1f} min"
    if result.get("pruned"):
        study.tell(trial, state=TrialState.PRUNED)
        print(f"{name} stopped early, {minutes}", flush=True)
    elif result["entry"] is None:
        study.tell(trial, state=TrialState.FAIL)
        print(f"{name} failed, {minutes}", *result["log"], sep="\n", flush=True)
        return False
    else:
        study.tell(trial, result["entry"])
        print(f"{name} {result['entry']:.4f}, {minutes}; best {best(study)}", flush=True)
    return True


def best(study):
    """The best trial, as text."""
    if not any(one.state.name == "COMPLETE" for one in study.trials):
        return "none"
    return f"{study.study_name}-{study.best_trial.number:03d} {study.best_value:.4f}"
