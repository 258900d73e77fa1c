"""Benchmarks: the product beside its peers. Never imported by the product."""
