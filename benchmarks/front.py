"""Times the package's networks and the fastest other package on one thread, for docs/models.md.

Each variant predicts 48x48 crops, one at a time and 64 at a time, in a process bound to one core.

Reads   ferd/models/; the environment of `fer` in build/peers/, which benchmarks/peers.py makes too
Writes  section `front` of benchmarks/results.json; `front_vnni` on a processor with VNNI, whose
        instructions for 8-bit integers make `fast` faster
Run     python benchmarks/front.py [--rounds 5]     (then python -m ferd.report; FERD_SECONDS=1 in
        the environment for shorter timings)
Takes   3 minutes, and some minutes the first time, to install
Expect  `ferd_fast` as the fastest of ours; about as fast as `fer`
"""

import json

import common
import peers
from peer.candidates import PACKAGED, VARIANTS

FACES = peers.FOLDER / "front.npz"
NAMES = (*PACKAGED, "fer")


def main():
    arguments = common.read_arguments(__doc__, NAMES, rounds=5)
    if arguments.variant:
        print(json.dumps(peers.work("times", arguments.variant, FACES)))
        return
    section = measure(arguments.rounds)
    common.save(name_of(section["machine"]), section)
    print(json.dumps(section["median"], indent=2))


def measure(rounds):
    """The section: medians of each variant over rounds in which they took turns."""
    peers.FOLDER.mkdir(parents=True, exist_ok=True)
    write_faces(FACES)
    busy = common.busy_cores()
    times = common.take_turns("front", list(NAMES), rounds)
    return {
        "rounds": rounds,
        "busy_cores": busy,
        "versions": {name: peers.facts(name)["version"] for name in NAMES if name in VARIANTS},
        "median": {name: common.median_of(rows) for name, rows in times.items()},
        "all": times,
        "machine": common.describe_machine(),
    }


def name_of(machine):
    """The section of results for a machine, from `common.describe_machine`."""
    return "front_vnni" if "avx512_vnni" in machine["instructions"] else "front"


def write_faces(path):
    """Crops to time: drawn faces, because the pixels do not change the time."""
    import numpy as np

    from ferd.classes import CLASSES
    from ferd.sketch.faces import draw_face

    seeds = range(64)
    drawn = [draw_face(CLASSES[seed % 7], np.random.default_rng(seed)) for seed in seeds]
    np.savez(path, crops=np.stack(drawn))


if __name__ == "__main__":
    main()
