"""Train the question reader from sentence templates: `python -m tools.train_reader DIGESTS TRAIN`."""
