"""A server of papers on loopback, fresh for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.feed_server import Feeds, feed_server


@pytest.fixture
def feeds() -> Iterator[Feeds]:
    with feed_server() as served:
        yield served
