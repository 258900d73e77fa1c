"""What benchmarks and datasets are about, without the words that say that they measure it. Pure."""

from __future__ import annotations

import re

from rag.questions.words import words

_JOINING = frozenset(["that", "which", "to", "for", "of", "in", "on", "the", "how", "well"])
_PARTICLE = re.compile(r"(?<=[가-힣]{2}|[A-Za-z0-9]{2})[을를의]$")


def measured_thing(topic: str) -> str:
    """Return a topic of benchmarks without what says that they measure it; the topic itself if that is all it says.

    >>> measured_thing("코드 생성 능력을 재는"), measured_thing("that measure code generation ability"), measured_thing("평가")
    ('코드 생성', 'code generation', '평가')
    """
    left = topic.split()
    while left and (left[0].lower() in _JOINING or (left[0].isascii() and words().measuring.has(left[0]))):
        del left[0]
    while left and not left[-1].isascii() and words().measuring.has(left[-1]):
        del left[-1]
    if len(left) > 1 and words().abilities.has(left[-1]):
        del left[-1]
    return _PARTICLE.sub("", " ".join(left)) or topic
