"""Refuses requests from other web sites and adds security headers to every response.

Other machines cannot reach a server on the loopback address. Web pages in the same browser can: one
may post to it, or point its own host name at 127.0.0.1 (DNS rebinding).
"""

import json
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


def refusal(method, headers):
    """The reason for which a request is refused.

    Args:
        method: As in HTTP.
        headers: Mapping with lower-case names.

    Returns:
        `(status, reason)`, or None for a valid request.
    """
    host = headers.get("host", "")
    if _name(host) not in NAMES:
        return 421, f"this page is served as localhost or 127.0.0.1, not as {host!r}"
    if method in ("GET", "HEAD"):
        return None
    # A browser sends one or both with every POST; curl and other programs send neither.
    origin = headers.get("origin", f"http://{host}")
    site = headers.get("sec-fetch-site", "same-origin")
    if origin != f"http://{host}" or site not in ("same-origin", "none"):
        return 403, "another web site may not send anything here"
    return None


def _name(host):
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:  # brackets without an address in them
        return None


class Guard:
    """Wraps an ASGI application: refuses requests by `refusal` and adds `HEADERS`.

    Args:
        app: The ASGI application.
    """

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        """As in ASGI."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        refused = refusal(scope["method"], Headers(scope=scope))
        if refused:
            await _answer(_dressed(send), *refused)
        else:
            await self.app(scope, receive, _dressed(send))


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
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
