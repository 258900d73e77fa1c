"""Indexing: ingest, the lexical index, passages, following a folder."""
