"""The optional last step of ranking: any LlamaIndex reranker, named by the settings, reorders the first papers.

Knows nodes and a query. Off unless NONMUN_RERANKER names one; whether it reaches a network is its own affair.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rag.errors import ModelError, SettingsError

if TYPE_CHECKING:
    from llama_index.core.schema import NodeWithScore

RERANKED = 20  # papers a reranker sees at least; a cross-encoder reads some 20 summaries a second on two cores

Rerank = Callable[[str, Sequence["NodeWithScore"]], list[str]]
"""Nodes in, best first; the same node ids out, in the order the reranker gives them."""


def load_reranker(spec: str) -> Rerank | None:
    """Load `module:name`, a class or function that makes a LlamaIndex reranker without arguments; None where spec is empty.

    Nodes that the reranker leaves out follow, in their old order. Raises SettingsError when it cannot be loaded; the
    returned function raises ModelError when the reranker fails.
    """
    if not spec:
        return None
    from llama_index.core.postprocessor.types import BaseNodePostprocessor

    module, _, name = spec.partition(":")
    try:
        reranker = getattr(importlib.import_module(module), name)()
    except Exception as error:
        raise SettingsError(
            f"NONMUN_RERANKER is “{spec}”, which cannot be loaded: {type(error).__name__}: {error}. "
            "Name a LlamaIndex reranker as module:Class, or leave it empty."
        ) from error
    if not isinstance(reranker, BaseNodePostprocessor):
        raise SettingsError(f"NONMUN_RERANKER is “{spec}”, a {type(reranker).__name__}, not a LlamaIndex reranker.")

    def rerank(query: str, nodes: Sequence[NodeWithScore]) -> list[str]:
        known = [found.node.node_id for found in nodes]
        try:
            given = [found.node.node_id for found in reranker.postprocess_nodes(list(nodes), query_str=query)]
        except Exception as error:
            raise ModelError(
                f"The reranker {spec} failed: {type(error).__name__}: {error}. Leave NONMUN_RERANKER empty to go on without."
            ) from error
        return list(dict.fromkeys([*(node_id for node_id in given if node_id in known), *known]))

    return rerank
