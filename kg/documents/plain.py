"""Text files: the characters themselves."""

from __future__ import annotations

from kg.documents.document import Reading, UnreadableError

#: Text in UTF-16 begins so: it has zero bytes, and can be converted.
_WIDE = (b"\xff\xfe", b"\xfe\xff")


def canonical(raw: bytes) -> str:
    """The canonical text of a text file: its characters untouched but for CRLF → LF and a leading byte-order mark.

    Raises ``UnicodeDecodeError`` where the bytes are not UTF-8.

    >>> canonical("\\ufeffa\\r\\nb".encode())
    'a\\nb'
    """
    return raw.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")


def read(raw: bytes) -> Reading:
    """The reading of a text file; raises ``UnreadableError`` where the bytes are no text in UTF-8."""
    if b"\0" in raw and not raw.startswith(_WIDE):
        raise UnreadableError(f"no text: a zero byte at {raw.index(0)}", "name the file after what it is, or convert it to text")
    try:
        return Reading(canonical(raw))
    except UnicodeDecodeError as error:
        raise UnreadableError(f"not UTF-8 at byte {error.start}", "convert it, for example with iconv") from None
