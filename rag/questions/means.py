"""Words for a means that nearly every paper uses, beside the topic that is asked for. Pure functions."""

from __future__ import annotations

import re

_MEANS_EN = r"(?:deep learning|machine learning|artificial intelligence|(?:deep )?neural net(?:work)?s?|AI|ML)"
_MEANS_KO = r"(?:딥 ?러닝|머신 ?러닝|기계 ?학습|인공 ?지능|인공 ?신경망|신경망|AI)"
_WITH = re.compile(
    rf" (?:with|using|by|via|through|(?:by|with) (?:using|the help of)|based on|powered by) {_MEANS_EN}"
    rf"(?: (?:methods?|models?|techniques?|approach(?:es)?))?$",
    re.IGNORECASE,
)
_FOR = re.compile(
    rf"^{_MEANS_EN}(?:[- ](?:based|driven|powered))?(?: (?:methods?|models?|techniques?|approach(?:es)?))?"
    rf" (?:for|in|on|to|applied to) (?:the )?",
    re.IGNORECASE,
)
_BY = re.compile(rf"^{_MEANS_KO}(?:[을를] )? ?(?:으로|로|기반(?:의)?|(?:이용|활용|사용|적용)(?:한|하는|해서?|하여)?) ")


def without_means(topic: str) -> str:
    """Return a topic without a means that tells nothing of it; the topic itself where it is nothing but that means.

    >>> without_means("predicting the weather with deep learning"), without_means("딥러닝으로 단백질 설계")
    ('predicting the weather', '단백질 설계')
    >>> without_means("deep learning"), without_means("machine learning for chip design")
    ('deep learning', 'chip design')
    """
    for pattern in (_WITH, _FOR, _BY):
        topic = pattern.sub("", topic)
    return topic
