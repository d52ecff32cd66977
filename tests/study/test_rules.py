"""The rules of the house: imports point down, and no edit below scoring trains a network again."""

import ast

import pytest

from ferd.study.pipeline import expand, paths_of, read_pipeline
from tests.helpers.code import ROOT, closure, imports_of

MODULES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "ferd").rglob("*.py")
    if path.name != "__init__.py"
)
# What each room may import from other rooms.
LOWEST = {"classes"}
STUDY = LOWEST | {"study"}
DATA = STUDY | {"imaging", "decoding", "dataset", "networks"}
SCORING = DATA | {"training", "ensembles", "scoring"}
USE = LOWEST | {"commands", "imaging", "decoding", "sketch", "inference", "cli", "serve"}
ALLOWED = {
    "classes": set(),
    "commands": {"commands"},
    "study": STUDY,
    "imaging": LOWEST | {"imaging"},
    "decoding": LOWEST | {"imaging", "decoding"},
    "sketch": STUDY | {"sketch"},
    "dataset": STUDY | {"imaging", "decoding", "dataset"},
    "networks": STUDY | {"networks"},
    "training": DATA | {"training"},
    "ensembles": DATA | {"training", "ensembles"},
    "scoring": SCORING,
    "benchmark": SCORING | {"benchmark"},
    "export": SCORING | {"inference", "export"},
    "packaged": SCORING | {"inference", "benchmark", "export", "packaged"},
    "report": SCORING | USE | {"packaged", "report"},
    "cluster": STUDY | {"commands", "cluster"},
    "inference": USE,
    "cli": USE,
    "serve": USE,
}
TRAINS = (
    "train",
    "cosine_cbam",
    "cosine_augment",
    "variant",
    "replicate",
    "recipe",
    "benchmark_ferplus",
    "mixed",
    "train_gpu",
)


def room_of(path):
    return path.split("/")[1].removesuffix(".py")


@pytest.mark.parametrize("path", [path for path in MODULES if room_of(path) in ALLOWED])
def test_imports_point_down(path):
    rooms = {room_of(one) for one in imports_of(ROOT / path) if one.startswith("ferd/")}
    assert rooms <= ALLOWED[room_of(path)]
    assert not [one for one in imports_of(ROOT / path) if one.startswith("stages/")]


def test_every_room_has_rules():
    assert {room_of(path) for path in MODULES} - {"__main__"} == set(ALLOWED)


def test_prediction_takes_nothing_of_the_study():
    for path in ("ferd/cli/main.py", "ferd/serve/app.py", "ferd/inference/classifier.py"):
        assert not [
            one for one in closure(path) if room_of(one) in ("study", "dataset", "training")
        ]


@pytest.mark.parametrize("path", sorted((ROOT / "ferd").rglob("__init__.py"), key=str))
def test_a_package_has_no_code_of_its_own(path):
    """So that it may be left out of the deps of a stage."""
    if path.parent.name != "ferd":
        (only,) = ast.parse(path.read_text(encoding="utf-8")).body
        assert isinstance(only, ast.Expr)


def trainings():
    for file in ("dvc.yaml", "stages/gpu/dvc.yaml"):
        for name, stage in expand(read_pipeline(ROOT / file)).items():
            if name.split("@")[0] in TRAINS:
                yield name, paths_of(stage, "deps")


@pytest.mark.parametrize(
    "room", ["ensembles", "scoring", "benchmark", "export", "report", "inference", "serve"]
)
def test_no_training_depends_on_what_comes_after_it(room):
    for name, deps in trainings():
        assert not [dep for dep in deps if dep.startswith(f"ferd/{room}")], name


def test_no_training_imports_what_comes_after_it():
    for name in ("train", "train_recipe", "train_mixed", "train_gpu", "benchmark_ferplus"):
        file = f"stages/{name}.py"
        rooms = {room_of(one) for one in closure(file) if one.startswith("ferd/")}
        assert rooms == {"classes", "study", "dataset", "networks", "training"}
        parts = {one.split("/")[2] for one in closure(file) if one.startswith("ferd/dataset")}
        assert parts - {"parts"} == ({"ferplus"} if name == "benchmark_ferplus" else set())


def test_modules_are_short():
    long = {path: len((ROOT / path).read_text().splitlines()) for path in MODULES}
    assert {path: lines for path, lines in long.items() if lines > 210} == {}


def test_the_drawn_rooms_are_those_of_the_code():
    found = {}
    for path in MODULES:
        rooms = {room_of(one) for one in imports_of(ROOT / path) if one.startswith("ferd/")}
        found[room_of(path)] = found.get(room_of(path), set()) | rooms
    drawn = {}
    for line in (ROOT / "docs/architecture.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("| `ferd/"):
            room, _, imports = (cell.strip() for cell in line.strip("|").split("|"))
            name = room.strip("`").removeprefix("ferd/").removesuffix("/").removesuffix(".py")
            drawn[name] = {one for one in imports.split(", ") if one}
    own = {room: rooms - {room} for room, rooms in found.items() if room != "__main__"}
    assert drawn == own
