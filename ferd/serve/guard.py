"""Refuses requests from other web sites and adds security headers to every response.

Other machines cannot reach a server on the loopback address. Web pages in the same browser can: one
may post to it, or point its own host name at 127.0.0.1 (DNS rebinding).

Starlette's TrustedHostMiddleware checks names only, answers in plain text without a remedy, cuts
[::1] at its first colon in older versions that FastAPI allows, and leaves nothing open to programs
that watch a container by its address.
"""

import base64
import hmac
import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers

NAMES = ("localhost", "127.0.0.1", "::1")
HEADERS = {
    "content-security-policy": (
        "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(), geolocation=()",
}


@dataclass(frozen=True)
class Access:
    """Who may use a server.

    Args:
        names: Names besides `NAMES` under which it may be reached.
        token: What a request must prove to know; nothing if None. `/healthz` is open, under every
            name too, for programs that watch over a container.
    """

    names: tuple[str, ...] = ()
    token: str | None = None


def refusal(method, headers, names=()):
    """The reason for which a request is refused.

    Args:
        method: As in HTTP.
        headers: Mapping with lower-case names.
        names: As in `Access`.

    Returns:
        `(status, reason)`, or None for a valid request.
    """
    host = headers.get("host", "")
    name = _name(host)
    if name not in (*NAMES, *names):
        served = " or ".join(names or NAMES[:2])
        return 421, f"this page is served as {served}, not as {host!r} (--allow-host)"
    if method in ("GET", "HEAD"):
        return None
    # A browser sends one or both with every POST; curl and other programs send neither.
    origin = headers.get("origin", f"http://{host}")
    site = headers.get("sec-fetch-site", "same-origin")
    # In front of a name of its own there may be a proxy that adds TLS.
    own = [f"http://{host}", *([f"https://{host}"] if name in names else [])]
    if origin not in own or site not in ("same-origin", "none"):
        return 403, "another web site may not send anything here"
    return None


def is_known(authorization, token):
    """Whether an Authorization header proves to know a token, as Bearer or as Basic's password."""
    kind, _, value = authorization.partition(" ")
    given = value.strip().encode("latin-1")  # the header's own bytes
    if kind.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).partition(b":")[2]
        except ValueError:
            return False
    elif kind.lower() != "bearer":
        return False
    # In a time that does not tell how much of it is right.
    return hmac.compare_digest(given, token.encode())


def _name(host):
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:  # brackets without an address in them
        return None


class Guard:
    """Wraps an ASGI application: refuses requests by `refusal` and adds `HEADERS`.

    Args:
        app: The ASGI application.
        access: An `Access`; the usual one if None.
    """

    def __init__(self, app, access=None):
        self.app, self.access = app, access or Access()

    async def __call__(self, scope, receive, send):
        """As in ASGI."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        refused = self._refusal(scope)
        if refused:
            await _answer(_dressed(send), *refused)
        else:
            await self.app(scope, receive, _dressed(send))

    def _refusal(self, scope):
        headers, token = Headers(scope=scope), self.access.token
        if scope["path"] == "/healthz" and scope["method"] in ("GET", "HEAD"):
            return None
        if token is not None and not is_known(headers.get("authorization", ""), token):
            return 401, "the token is missing or wrong"
        return refusal(scope["method"], headers, self.access.names)


def _dressed(send):
    added = [(name.encode(), value.encode()) for name, value in HEADERS.items()]

    async def dressed(message):
        if message["type"] == "http.response.start":
            message = message | {"headers": [*message.get("headers", ()), *added]}
        await send(message)

    return dressed


async def _answer(send, status, reason):
    body = json.dumps({"error": reason}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    if status == 401:  # a browser then asks for it, as the password of any user
        headers.append((b"www-authenticate", b'Basic realm="ferd", charset="UTF-8"'))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
