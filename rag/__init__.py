"""Meaning: papers, digests, language, questions, retrieval, answers, citations, evaluation, settings and the CLI."""
