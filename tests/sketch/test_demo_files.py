"""ferd.sketch.demo: which files of the project are copied."""

from ferd.sketch import demo
from tests.helpers.small_pipeline import git


def test_what_git_has_or_would_take_is_copied_whatever_its_name(tmp_path, monkeypatch):
    project, folder = tmp_path / "project", tmp_path / "demo"
    files = ("ferd/one.py", "docs/für alle.md", "metrics/train.json", ".dvc/config", "build/two.py")
    for name in files:
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(name)
    (project / ".gitignore").write_text("build/\n")
    git(project, "init", "-q")
    git(project, "add", "ferd", "docs")
    (project / "docs/neu.md").write_text("neither committed nor added")
    monkeypatch.setattr(demo, "ROOT", project)
    demo.copy_project(folder)
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == {"ferd/one.py", "docs/für alle.md", "docs/neu.md", ".gitignore"}
    assert (folder / "data").is_dir()
