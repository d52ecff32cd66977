"""ferd.serve.guard: requests of this page are answered, those of other web sites are refused."""

import base64

import pytest

from ferd.serve.guard import is_known, refusal

HERE = "127.0.0.1:8765"


@pytest.mark.parametrize("host", [HERE, "localhost:8765", "localhost", "[::1]:8765", "LOCALHOST"])
def test_every_name_of_this_machine_is_answered(host):
    assert refusal("GET", {"host": host}) is None
    assert refusal("POST", {"host": host, "origin": f"http://{host}"}) is None


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "10.0.0.1",
        "[",
        "[x]:1",
    ],
)
def test_another_name_that_was_pointed_here_is_refused(host):
    for method in ("GET", "POST"):
        status, reason = refusal(method, {"host": host})
        assert status == 421 and repr(host) in reason
    assert refusal("GET", {})[0] == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "https://127.0.0.1:8765"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": f"http://{HERE}", "sec-fetch-site": "cross-site"},
    ],
)
def test_another_site_may_not_post(headers):
    assert refusal("POST", {"host": HERE} | headers)[0] == 403
    assert refusal("PUT", {"host": HERE} | headers)[0] == 403


def test_the_page_itself_and_a_program_without_such_headers_may_post():
    own = {"host": HERE, "origin": f"http://{HERE}", "sec-fetch-site": "same-origin"}
    assert refusal("POST", own) is None
    assert refusal("POST", {"host": HERE}) is None


def test_a_link_from_another_site_may_open_the_page():
    assert refusal("GET", {"host": HERE, "sec-fetch-site": "cross-site"}) is None


def test_a_name_that_is_allowed_is_answered_behind_a_proxy_too():
    names = ("faces.example",)
    assert refusal("GET", {"host": "faces.example"}) is not None
    for origin in ("http://faces.example", "https://faces.example"):
        assert refusal("POST", {"host": "faces.example", "origin": origin}, names) is None
    assert refusal("POST", {"host": HERE, "origin": f"http://{HERE}"}, names) is None
    assert refusal("POST", {"host": HERE, "origin": f"https://{HERE}"}, names)[0] == 403
    status, reason = refusal("GET", {"host": "other.example"}, names)
    assert status == 421 and "served as faces.example" in reason and "--allow-host" in reason


def basic(text):
    return "Basic " + base64.b64encode(text.encode()).decode()


def test_a_token_is_taken_as_bearer_or_as_any_users_password():
    for right in ("Bearer s:cret", "bearer  s:cret", basic("anna:s:cret"), basic(":s:cret")):
        assert is_known(right, "s:cret")
    wrong = ["", "Bearer", "Bearer s:cre", "Bearer s:crets", "s:cret", basic("s:cret"), "Basic ?"]
    wrong += ["Digest s:cret", "Basic //8=", "Bearer s\xfccret", basic("a:"), "Bearer \x00"]
    assert not any(is_known(header, "s:cret") for header in wrong)
    sent = "gehe\xefm".encode().decode("latin-1")  # as servers decode the bytes of a header
    assert is_known(f"Bearer {sent}", "gehe\xefm") and is_known(basic(":gehe\xefm"), "gehe\xefm")
