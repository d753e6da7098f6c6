"""Source documents and their canonical texts, in which every offset counts: text, Markdown, HTML, PDF and DOCX.

What goes to the network is in ``kg.documents.fetching``, and is loaded by nothing else.
"""

from kg.documents.document import READER, Document, Metadata, digest, of_text
from kg.documents.plain import canonical
from kg.documents.reading import LARGEST, SUFFIXES, of_bytes, read, read_all

__all__ = [
    "LARGEST",
    "READER",
    "SUFFIXES",
    "Document",
    "Metadata",
    "canonical",
    "digest",
    "of_bytes",
    "of_text",
    "read",
    "read_all",
]
