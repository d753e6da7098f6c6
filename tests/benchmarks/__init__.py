"""Benchmarks: how fast cases are built and asked, and what they take, against plain rdflib in the same run."""
