"""Curation: what is proposed beside a case's own records, and what people decide about it, written in small diffs."""
