"""Meaning: papers, digests, language, questions, retrieval, answers, citations, evaluation, settings and the CLI."""

__version__ = "0.1.0"
