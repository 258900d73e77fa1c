"""The piece vectors, the loss, the training loop and its checkpoint.

A text's vector is the sum of its pieces' vectors, made unit length; frequency weighting is how the vectors start out
(and the training moves it on), so it lives in their norms and needs nothing at inference.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from tools.train_embedding.batches import Batch, PairSampler

Rows = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """What the loop does.

    Attributes:
        steps: batches in all.
        dimensions: of a piece vector.
        scale: what cosines are multiplied by before the softmax.
        learning_rate: Adam's first rate; it falls linearly to 0.
        smoothing: `a` of the SIF weight a / (a + p) that scales the first vectors; p is a piece's share of all pieces.
        start_norm: norm of the first vector of a rare piece.
        lean: share of its translations' vectors that a piece's first vector takes in.
        seed: of the first vectors.
    """

    steps: int
    dimensions: int = 256
    scale: float = 16.0
    learning_rate: float = 0.005
    smoothing: float = 1e-2
    start_norm: float = 1.5
    lean: float = 1.0
    seed: int = 0


def start_rows(counts: NDArray[np.int64], plan: TrainingPlan) -> torch.Tensor:
    """Draw the first vectors, scaled by SIF weights (Arora et al., 2017).

    Args:
        counts: how often each piece occurs in the training texts; shape (pieces,).
        plan: dimensions, smoothing and seed are read.

    Returns:
        Shape (pieces, dimensions), expected norm between 0 and 1.
    """
    generator = torch.Generator().manual_seed(plan.seed)
    rows = torch.randn(len(counts), plan.dimensions, generator=generator) / plan.dimensions**0.5
    share = torch.from_numpy(counts / max(1, int(counts.sum()))).float()
    weighted: torch.Tensor = rows * (plan.start_norm * plan.smoothing / (plan.smoothing + share)).unsqueeze(1)
    return weighted


def contrastive_loss(rows: torch.Tensor, batch: Batch, scale: float) -> torch.Tensor:
    """Score every left against every right of the batch; the pair is the right answer both ways."""
    sides = []
    for ids, begins in (batch[:2], batch[2:]):
        bag = functional.embedding_bag(torch.from_numpy(ids), rows, torch.from_numpy(begins), mode="sum")
        sides.append(functional.normalize(bag, dim=1))
    scores = scale * sides[0] @ sides[1].T
    target = torch.arange(len(scores))
    return (functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)) / 2


def train(
    rows: torch.Tensor,
    sampler: PairSampler,
    plan: TrainingPlan,
    checkpoint: Path,
    report: Callable[[str], None],
    *,
    checkpoint_every: int = 200,
) -> Rows:
    """Train the piece vectors; go on from `checkpoint` if it exists.

    Args:
        rows: first vectors; left as they are.
        sampler: gives the batch of each step.
        plan: what to do.
        checkpoint: file written every `checkpoint_every` steps, and at the end.
        report: receives one line of progress now and then.
        checkpoint_every: steps, at least 1.

    Returns:
        The trained vectors, shape as `rows`.

    Raises:
        ValueError: the checkpoint was made with another plan or another sampler.
    """
    weight = rows.clone().requires_grad_()
    optimizer = torch.optim.Adam([weight], lr=plan.learning_rate, fused=True)
    identity = f"{plan!r} {sampler!r}"
    step = _resume(checkpoint, identity, weight, optimizer)
    started, first, running = time.monotonic(), step, 0.0
    while step < plan.steps:
        for group in optimizer.param_groups:
            group["lr"] = plan.learning_rate * (1 - step / plan.steps)
        optimizer.zero_grad()
        loss = contrastive_loss(weight, sampler.draw(step), plan.scale)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        running += loss.item()
        step += 1
        if step % 50 == 0 or step == plan.steps:
            seconds = (time.monotonic() - started) / (step - first)
            report(f"step {step}/{plan.steps}  loss {running / ((step - 1) % 50 + 1):.3f}  {seconds:.2f} s a step")
            running = 0.0
        if step % checkpoint_every == 0 or step == plan.steps:
            _save(checkpoint, identity, weight, optimizer, step)
    return weight.detach().numpy().copy()


def _save(path: Path, identity: str, weight: torch.Tensor, optimizer: torch.optim.Optimizer, step: int) -> None:
    """Write aside, then rename: a kill leaves the last whole checkpoint."""
    aside = path.with_suffix(".part")
    state = {"identity": identity, "step": step, "weight": weight.detach(), "optimizer": optimizer.state_dict()}
    torch.save(state, aside)
    aside.replace(path)


def _resume(path: Path, identity: str, weight: torch.Tensor, optimizer: torch.optim.Optimizer) -> int:
    """Load the checkpoint into `weight` and `optimizer`; return the next step, 0 if there is no checkpoint."""
    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    if state["identity"] != identity:
        raise ValueError(f"{path} was made with {state['identity']}, not {identity}; delete it to start again")
    with torch.no_grad():
        weight.copy_(state["weight"])
    optimizer.load_state_dict(state["optimizer"])
    return int(state["step"])
