"""Compares the network `improved` with PyPI's packages that include weights for expressions.

Reads   data/crops.npz, data/audit.csv (outputs of `make study`); ferd/models/ferd.onnx; PyPI: each
        package goes into a virtual environment of its own in build/peers/, some GB each
Writes  section `peers` of benchmarks/results.json
Run     python benchmarks/peers.py [--rounds 3]     (or make peers; FERD_SECONDS=1 in the
        environment for shorter timings)
Takes   about 10 minutes, and as long again the first time, to install
Expect  ours above all others on photos, and within chance of `fer` on ready crops; `fer`'s network
        far smaller and faster; a table of the packages that could not be measured
"""

import json
import tempfile
from pathlib import Path

import common
from peer import environments
from peer.candidates import OURS, PACKAGED, VARIANTS, WITHOUT_WEIGHTS

FOLDER = common.ROOT / "build" / "peers"
FACES = FOLDER / "faces.npz"


def main():
    arguments = common.read_arguments(__doc__, VARIANTS)
    if arguments.variant:
        print(json.dumps(work("times", arguments.variant)))
        return
    section = measure(arguments.rounds)
    common.save_of_data("peers", section)
    print(json.dumps({key: section[key] for key in ("accuracy", "median")}, indent=2))


def measure(rounds):
    """The section: accuracies first, which also fill the disk's cache for the times."""
    from peer.images import SIDES, read_images, write_faces
    from peer.scores import score

    busy = common.busy_cores()
    images = read_images(common.ROOT / "data")
    FOLDER.mkdir(parents=True, exist_ok=True)
    write_faces(FACES, images)
    answers, not_measured = ask_all()
    times = common.take_turns("peers", list(answers), rounds)
    return {
        "rounds": rounds,
        "busy_cores": busy,
        "images": count(images),
        "sides": SIDES,
        "facts": {name: facts(name) for name in answers},
        "accuracy": {name: score(name, answers[name], images) for name in answers},
        "ms_per_photo": {name: answers[name]["ms_per_photo"] for name in answers},
        "median": {name: common.median_of(rows) for name, rows in times.items()},
        "not_measured": not_measured | look_into(WITHOUT_WEIGHTS),
        "all": times,
        "machine": common.describe_machine(),
    }


def count(images):
    """The number of images of each kind."""
    return {
        "private_test": len(images.pixels),
        "unseen": int(images.unseen.sum()),
        "unseen_found": int((images.unseen & images.found).sum()),
    }


def ask_all():
    """Dict of variant to its predictions, and dict of failed variants to the reason."""
    answers, failed = {}, {}
    for name in VARIANTS:
        print(f"{name}: installing, then naming every image", flush=True)
        try:
            answers[name] = work("answers", name)
        except (environments.PipFailedError, environments.WorkerFailedError) as error:
            if name == OURS:
                raise
            failed[name] = str(error).splitlines()[-1]
            print(f"{name}: not measured: {error}", flush=True)
    return answers, failed


def work(task, name, faces=FACES):
    """The result of benchmarks/peer/worker.py for a variant and a file of faces."""
    package, paths = None if name in PACKAGED else VARIANTS[name].package, []
    if package is None:
        python, paths = environments.OWN_PYTHON, [common.ROOT]
    else:
        python = environments.interpreter(FOLDER / package, VARIANTS[name].requirements)
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder, "result.json")
        environments.run_worker(python, [task, name, faces, result], paths)
        return json.loads(result.read_text())


def facts(name):
    """Version and training data of a variant."""
    variant = VARIANTS[name]
    version = variant.requirements[0].partition("==")[2] if variant.package else "this repository"
    return {"version": version, "trained_on": variant.trained_on}


def look_into(requirements):
    """Dict of package to the reason why it is not measured: its archive or pip's error."""
    reasons = {}
    for requirement in requirements:
        try:
            found = environments.look_inside(requirement)
        except environments.PipFailedError as error:
            reasons[requirement] = f"pip: {error}"
            continue
        named = ", ".join(f"{Path(name).name} ({size:,} bytes)" for name, size in found)
        rest = f": {named} is none of expressions" if found else ""
        reasons[requirement] = f"no weights of expressions in its archive{rest}"
    return reasons


if __name__ == "__main__":
    main()
