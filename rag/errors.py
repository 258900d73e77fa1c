"""The branches of the error tree (drawn in `vectorstore.errors`) that concern settings, digests, questions, models, feeds and saved
questions."""

from vectorstore.errors import NonmunError

__all__ = [
    "DigestError",
    "EvaluationError",
    "FeedError",
    "ModelError",
    "NonmunError",
    "QuestionError",
    "ReplyError",
    "SettingsError",
]


class SettingsError(NonmunError):
    """A setting is unknown or its value cannot be used."""


class DigestError(NonmunError):
    """A folder or file of digests cannot be read at all."""


class QuestionError(NonmunError):
    """A question (or a line of a batch) cannot be taken."""


class EvaluationError(NonmunError):
    """The files of an evaluation cannot be used."""


class ModelError(NonmunError):
    """The language model did not give a usable answer."""


class FeedError(NonmunError):
    """A source of new papers cannot be reached, or asks to wait."""


class ReplyError(FeedError):
    """A source of new papers answered with something that cannot be used."""


class ChatsError(NonmunError):
    """The chats that a server keeps cannot be used."""


class FollowError(NonmunError):
    """A question cannot be saved, or the saved questions cannot be used."""
