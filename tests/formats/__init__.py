"""Shapes of digests: one small file each, with what must be read from it beside it, and the table made from them."""
