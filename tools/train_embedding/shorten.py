"""The directions in which texts differ most: what of a text's vector is kept.

Holds the principal axes of the training texts' vectors. Pieces keep their whole rows, for they are compared one by one.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from tools.train_embedding.batches import Bags

_BATCH = 20_000  # texts embedded at once


def principal_axes(rows: NDArray[np.int8], sides: tuple[Bags, ...], kept: int) -> NDArray[np.float16]:
    """Return the axes that hold most of the training texts' unit vectors, in columns, the greatest first.

    Not centred: cosines between shortened vectors are to stay what they were.

    Args:
        rows: the exported table, shape (pieces, dimensions).
        sides: texts as bags of pieces; empty ones count for nothing.
        kept: axes, at most `dimensions`.

    Returns:
        Shape (dimensions, kept); each column's largest entry is positive, so that the same texts give the same axes.
    """
    table = torch.from_numpy(rows.astype(np.float32))
    spread = torch.zeros(rows.shape[1], rows.shape[1], dtype=torch.float64)
    for side in sides:
        filled = np.flatnonzero(side.lengths)
        for start in range(0, len(filled), _BATCH):
            part = filled[start : start + _BATCH]
            ids, begins = side.gather(side.starts[part], side.lengths[part])
            texts = functional.embedding_bag(torch.from_numpy(ids), table, torch.from_numpy(begins), mode="sum")
            texts = functional.normalize(texts)
            spread += texts.T @ texts
    axes = np.linalg.eigh(spread.numpy())[1][:, ::-1][:, :kept]
    signs = np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    found: NDArray[np.float16] = (axes * signs).astype(np.float16)
    return found
