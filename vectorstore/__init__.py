"""Embedders, the bundled model, and stores of vectors with generations. Knows ids, texts and flat metadata only."""
