"""The limit on how much the program logs."""

from __future__ import annotations

import logging

from web.logs import LogLimit


def test_a_flood_of_errors_is_cut_and_the_rest_is_counted() -> None:
    limit = LogLimit(burst=3, every=1_000.0)
    records = [logging.LogRecord("x", logging.ERROR, "x.py", 1, "전송 %d 실패", (n,), None) for n in range(10)]
    assert [limit.filter(record) for record in records] == [True] * 3 + [False] * 7
    limit._limit.give_back("")
    last = logging.LogRecord("x", logging.ERROR, "x.py", 1, "전송 %d 실패", (10,), None)
    assert limit.filter(last)
    assert last.getMessage() == "(7 messages were left out before this one.) 전송 10 실패"
