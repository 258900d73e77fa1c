"""Connections that say nothing, all of one address, for as long as a soak runs: what a page must bear beside its readers."""

from __future__ import annotations

import selectors
import socket
import sys
import threading
from contextlib import suppress

_ADDRESS = "127.0.2.1"  # that of nobody else in a soak
_PATIENCE = 5.0  # seconds for one connection
_LOOK = 0.2  # seconds between two looks at those that were closed


class Silence(threading.Thread):
    """Hold `number` silent connections to a port, and open another one for each that the server closes, until `stop`.

    `opened` counts all that were opened, `closed` those that the server ended, and `most` is how many were held at once.
    """

    def __init__(self, port: int, number: int) -> None:
        """Take the port and the number."""
        super().__init__(daemon=True)
        self._port, self._number, self._stopped = port, number, threading.Event()
        self.opened = self.closed = self.most = 0

    def run(self) -> None:
        """Hold the connections."""
        with selectors.DefaultSelector() as watched:
            while not self._stopped.is_set():
                self._open_missing(watched)
                for key, _ in watched.select(_LOOK):
                    watched.unregister(key.fileobj)
                    key.data.close()
                    self.closed += 1
            for key in list(watched.get_map().values()):
                key.data.close()

    def stop(self) -> None:
        """Let go of the connections."""
        self._stopped.set()
        self.join(_PATIENCE)

    def _open_missing(self, watched: selectors.BaseSelector) -> None:
        source = (_ADDRESS, 0) if sys.platform == "linux" else None
        while len(watched.get_map()) < self._number and not self._stopped.is_set():
            one = None
            with suppress(OSError):
                one = socket.create_connection(("127.0.0.1", self._port), _PATIENCE, source_address=source)
            if one is None:
                return  # the next look tries again
            one.setblocking(False)
            watched.register(one, selectors.EVENT_READ, one)
            self.opened += 1
            self.most = max(self.most, len(watched.get_map()))
