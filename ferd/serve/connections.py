"""HTTP connections with time limits for what a client sends.

uvicorn has no time limit for a request's headers, and it reads on for as long as a client sends the
body of a request that is answered already. uvicorn's class for a connection is extended here,
because neither uvicorn's options nor an ASGI application can end a connection before the headers
are complete.
"""

from typing import ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEADER_SECONDS = 10
LINGER_SECONDS = 2  # after the answer: a client that still sends can read it
MAX_SILENT = 64  # connections without a complete request


class Connection(H11Protocol):
    """A connection that is closed if its headers do not come, or its body does not end."""

    # A subclass for each server has its own: connections without a complete request, oldest first.
    silent: ClassVar[dict["Connection", None]]

    def connection_made(self, transport):
        """As in `asyncio.Protocol`; closes the oldest of more than `MAX_SILENT` silent ones."""
        super().connection_made(transport)
        self._timer = None
        self._wait()

    def data_received(self, data):
        """As in `asyncio.Protocol`."""
        super().data_received(data)
        state = self.conn.their_state
        if self in self.silent and state is not h11.IDLE:
            self._stop_waiting()
        elif self not in self.silent and state is h11.IDLE:  # the body has ended after the answer
            self._wait()

    def connection_lost(self, exc):
        """As in `asyncio.Protocol`."""
        self._stop_waiting()
        super().connection_lost(exc)

    def on_response_complete(self):
        """As in uvicorn; then waits for the rest of the request, or for the next one."""
        super().on_response_complete()
        if self.conn.their_state is h11.SEND_BODY:
            self._unset_keepalive_if_required()
            self._set_timer(LINGER_SECONDS)
        elif self.conn.their_state is h11.IDLE:
            self._wait()

    def _wait(self):
        self.silent[self] = None
        self._set_timer(HEADER_SECONDS)
        if len(self.silent) > MAX_SILENT:
            next(iter(self.silent))._close()

    def _stop_waiting(self):
        self.silent.pop(self, None)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _set_timer(self, seconds):
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.loop.call_later(seconds, self._close)

    def _close(self):
        self._stop_waiting()
        self.transport.close()


def connection_class():
    """The class of one server's connections."""
    return type("Connection", (Connection,), {"silent": {}})
