"""Fits the weights of `rag.evidence.membership` on topics whose papers are listed by people."""
