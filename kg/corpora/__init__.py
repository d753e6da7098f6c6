"""Corpora: extraction from many documents, in parts of N-Quads that can be stopped and gone on with, here or on Spark."""
