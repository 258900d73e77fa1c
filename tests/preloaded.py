"""What the programs of the tests are forked with (`tests.serving`): the modules that they import, and no garbage to look through."""

import gc

import llama_index.core.schema

import app
import rag.cli
import vectorstore.chroma
from rag.language import patterns

__all__ = ["app", "llama_index", "rag", "vectorstore"]

patterns.ready()
gc.collect()
gc.freeze()  # else each child would touch every object, and copy the memory that it shares
