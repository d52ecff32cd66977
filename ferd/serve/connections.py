"""HTTP connections with time limits for what a client sends.

uvicorn's `limit_concurrency` refuses new requests, /healthz too, while old connections stay; its
`timeout_keep_alive` begins with the first answer. So silent clients would keep others out. uvicorn
also reads on for as long as a client sends the body of a request that is answered already. Its
class for a connection is extended here, because neither its options nor an ASGI application can end
a connection before the headers are complete.
"""

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEADER_SECONDS = 10
LINGER_SECONDS = 5  # after the answer: a client that still sends can read it
MAX_SILENT = 64  # connections without a complete request; older ones are closed
SILENT_SECONDS = 1  # but none that is younger: its request may be among what is read next
MAX_LINGERING = 32
# Bytes that are read of a connection before it is another's turn. With asyncio's 256 KiB, hundreds
# of clients that send without end let others wait for seconds.
READ_BYTES = 1 << 15
LINGER_BYTES = 1 << 18  # they are few and should come to their end


class Connection(H11Protocol):
    """A connection that is closed if its headers do not come, or its body does not end."""

    def connection_made(self, transport):
        """As in `asyncio.Protocol`."""
        super().connection_made(transport)
        self._timer, self._pool, self._answered = None, {}, None
        pools = vars(self.server_state)
        # Dicts of this server's connections to when they came into it, oldest first.
        self._silent = pools.setdefault("silent", {})
        self._lingering = pools.setdefault("lingering", {})
        self._be_silent()

    def data_received(self, data):
        """As in `asyncio.Protocol`."""
        super().data_received(data)
        waits = self.conn.their_state is h11.IDLE
        if self in self._lingering and self.cycle is not self._answered:
            self._leave()  # the body has ended, and the next request has begun
        elif self in self._lingering and waits:
            self._be_silent()
        elif self in self._silent and not waits:
            self._leave()

    def connection_lost(self, exc):
        """As in `asyncio.Protocol`."""
        self._leave()
        super().connection_lost(exc)

    def on_response_complete(self):
        """As in uvicorn; then waits for the rest of the request, or for the next one."""
        super().on_response_complete()
        if self.conn.their_state is h11.SEND_BODY:
            self._unset_keepalive_if_required()
            self._answered = self.cycle
            self._join(self._lingering, LINGER_SECONDS)
            self.transport.max_size = LINGER_BYTES
            if len(self._lingering) > MAX_LINGERING:
                next(iter(self._lingering))._close()
        elif self.conn.their_state is h11.IDLE:
            self._be_silent()

    def _be_silent(self):
        self._join(self._silent, HEADER_SECONDS)
        self.transport.max_size = READ_BYTES
        oldest, since = next(iter(self._silent.items()))
        if len(self._silent) > MAX_SILENT and self.loop.time() - since > SILENT_SECONDS:
            oldest._close()

    def _join(self, pool, seconds):
        self._leave()
        self._pool = pool
        pool[self] = self.loop.time()
        self._timer = self.loop.call_later(seconds, self._close)

    def _leave(self):
        self._pool.pop(self, None)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _close(self):
        self._leave()
        self.transport.close()
