"""Runs the trials of a sweep on the workers, with the values that Optuna chooses."""

import uuid

STATES = "COMPLETE", "PRUNED"


def open_study(journal, name, seed):
    """Opens the sweep; trials that were running at a stop are repeated first.

    Args:
        journal: File of Optuna's storage, which all workers reach.
        name: Of the sweep.
        seed: Of the draws.
    """
    import optuna
    from optuna.storages.journal import JournalFileBackend

    journal.parent.mkdir(parents=True, exist_ok=True)
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(
        storage=optuna.storages.JournalStorage(JournalFileBackend(str(journal))),
        study_name=name,
        direction="maximize",
        load_if_exists=True,
    )
    # Else it would draw the first values again after a stop.
    study.sampler = optuna.samplers.TPESampler(seed=seed + len(study.trials))
    for trial in study.get_trials(states=[optuna.trial.TrialState.RUNNING]):
        study.tell(trial.number, state=optuna.trial.TrialState.FAIL)
        study.enqueue_trial(trial.params)
    return study


def run_trials(client, study, space, trials, source, job, needs=()):
    """Keeps every worker busy with a trial until so many have ended.

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
    run, running, failures = uuid.uuid4().hex[:8], {}, 0
    while True:
        threads = sum(client.nthreads().values())
        source = {**source, "places": places_of(client)}
        ended = [one for one in study.trials if one.state.name in STATES]
        while len(running) < min(threads, trials - len(ended)):
            trial = study.ask({key: distribution(one) for key, one in space.items()})
            name = f"{study.study_name}-{trial.number:03d}"
            key = f"{name}-{run}"
            one = {**job, "experiment": name, "values": trial.params, "trial": trial._trial_id}
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


def distribution(values):
    """Optuna's distribution of a `ferd.study.spaces.Between` or `OneOf`."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution

    if hasattr(values, "values"):
        return CategoricalDistribution(values.values)
    return FloatDistribution(values.low, values.high, log=values.log)


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
