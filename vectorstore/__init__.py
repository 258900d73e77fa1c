"""Vectors: the Chroma client, embedders, the bundled model, generations. Knows ids, text and flat metadata only."""
