"""A limit on how much the program logs, so that no caller can fill the disk with the same error."""

from __future__ import annotations

import logging

from web.rate_limits import RateLimit

BURST, EVERY = 20, 60.0  # records at once, and then one in so many seconds


class LogLimit(logging.Filter):
    """Let a bounded number of records through, and say how many were left out."""

    def __init__(self, burst: int = BURST, every: float = EVERY) -> None:
        """Allow `burst` records at once and then one every `every` seconds."""
        super().__init__()
        self._limit = RateLimit(burst, every)
        self._left_out = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record may be written."""
        if not self._limit.take(""):
            self._left_out += 1
            return False
        if self._left_out:
            record.msg = f"({self._left_out:,} messages were left out before this one.) {record.msg}"
            self._left_out = 0
        return True


def limit_logs() -> None:
    """Limit what all loggers write together."""
    limit = LogLimit()
    handlers = [logging.lastResort, *logging.getLogger().handlers]
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        handlers += logging.getLogger(name).handlers
    for handler in handlers:
        if handler is not None:
            handler.addFilter(limit)
