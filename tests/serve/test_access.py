"""`ferd serve` for other machines: its addresses, its names, its token and its warnings."""

import argparse

import pytest

from ferd.cli.access_options import add_access
from ferd.serve import serving
from ferd.serve.guard import Access
from tests.helpers.predicting import write_model
from tests.helpers.serving import ask, packed, predict
from tests.helpers.serving import serving as server
from tests.helpers.sketches import face

SMALL = packed(face("happy", 100))


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_model(tmp_path_factory.mktemp("model") / "tiny.onnx")


def test_without_the_token_only_health_is_answered(model):
    with server(model, Access(token="s3cret")) as port:
        status, headers, content = ask(port, "GET", "/")
        assert status == 401 and b"token" in content
        assert headers["www-authenticate"].startswith("Basic")
        assert headers["content-security-policy"]
        assert predict(port, SMALL)[0] == predict(port, SMALL, authorization="Bearer no")[0] == 401
        assert predict(port, SMALL, authorization="Bearer s3cret")[0] == 200
        assert ask(port, "GET", "/", authorization="Bearer s3cret")[0] == 200
        assert ask(port, "GET", "/healthz")[0] == 200


def test_names_that_are_allowed_are_answered(model):
    with server(model, Access(names=("faces.example",))) as port:
        assert predict(port, SMALL, host="faces.example")[0] == 200
        assert predict(port, SMALL, host="evil.example")[0] == 421
        assert ask(port, "GET", "/metrics", host="10.0.0.7")[0] == 421


def test_health_is_answered_under_the_address_of_a_container(model):
    with server(model, Access(names=("faces.example",), token="s3cret")) as port:
        assert ask(port, "GET", "/healthz", host="10.0.0.7:8765")[0] == 200
        assert ask(port, "POST", "/healthz", host="10.0.0.7:8765")[0] == 401


@pytest.mark.parametrize(
    "host, allowed, names",
    [
        ("127.0.0.1", None, ()),
        ("0.0.0.0", None, ()),
        ("0.0.0.0", ["Faces.Example"], ("faces.example",)),
        ("10.0.0.7", ["faces.example"], ("10.0.0.7", "faces.example")),
    ],
)
def test_the_names_are_those_given_and_the_address(host, allowed, names):
    assert serving.names_of(host, allowed) == names


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_this_machines_own_addresses_need_no_warning(host, capsys):
    serving._warn(host, Access())
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.7", "faces.example"])
def test_a_page_that_others_reach_warns_of_what_it_lacks(host, capsys):
    serving._warn(host, Access())
    lines = capsys.readouterr().err.splitlines()
    assert "no log-in" in lines[0] and "--token" in lines[0] and "--allow-host" in lines[1]
    serving._warn(host, Access(("faces.example",), "s3cret"))
    assert capsys.readouterr().err == ""


def test_it_listens_where_it_is_told():
    with serving.listen(0, "0.0.0.0") as listener:
        assert listener.getsockname()[0] == "0.0.0.0"
    with pytest.raises(OSError, match=r"^192\.0\.2\.1: .*; --host takes an address"):
        serving.listen(0, "192.0.2.1")
    with serving.listen(0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(OSError, match=rf"^port {port}: [^(]*; --port names another$"):
            serving.listen(port)


def test_the_token_may_lie_in_the_environment(monkeypatch):
    monkeypatch.setenv("FERD_TOKEN", "s3cret")
    parser = argparse.ArgumentParser()
    add_access(parser.add_argument)
    assert parser.parse_args([]).token == "s3cret"
    assert parser.parse_args(["--token", "other"]).token == "other"
    assert "s3cret" not in parser.format_help()
