"""The labels of the reader's network: roles of tokens, kinds of questions, and what else a sentence says as a whole."""

from __future__ import annotations

ROLES = (
    "topic",
    "name",
    "person",
    "date",
    "votes",
    "number",
    "excluded",
    "description",
    "sort",
    "aspect",
    "org",
    "ref",
    "value",
)
"""What a span of a question can be; every other word is wording and constrains nothing."""

TAGS = ("wording", *(f"{place}:{role}" for role in ROLES for place in ("B", "I")))
"""The tag of a token: wording, or the beginning or the inside of a span."""

KINDS = (
    "list", "period", "count", "more", "rank", "explain", "compare", "fact", "describe", "trend", "topics", "writers",
    "similar", "help", "offtopic",
    "after:narrow", "after:widen", "after:switch", "after:pick", "after:ask", "after:count", "after:sort", "after:repeat",
    "after:table", "after:similar", "after:explain", "after:compare", "after:filter_out",
)  # fmt: skip
"""What a question asks for; those with `after:` follow an earlier question."""

RELATIONS = ("none", "use", "mention", "propose", "beat")
ORDERS = ("none", "votes desc", "votes asc", "date desc", "date asc", "value desc", "value asc")
KEPT_ASPECTS = (
    "hardware", "size", "cost", "speed", "memory", "data", "score", "code", "license", "limits", "training", "method",
    "result", "authors", "votes", "date", "link", "count_of", "context", "full_name", "other",
)  # fmt: skip
"""What can be asked of a paper and a summary may tell."""
LACKING_ASPECTS = ("citations", "affiliation", "venue", "pages", "author_order", "email", "peer_review")
"""What digests do not keep."""
ASPECTS = ("none", *KEPT_ASPECTS, *LACKING_ASPECTS)
SIGNS = ("yes_no", "one", "overview", "in_title")
"""What a sentence may say besides: answer yes or no, one paper, a synthesis, words that stand in titles."""
