"""Canonical texts and digests of documents of every kind, and what is said of those that cannot be read."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import ClassVar

import docx
import pytest

from kg.documents import Document, canonical, digest, fetching, of_bytes, read, read_all, reading
from kg.documents.fetching import fetch
from kg.errors import DocumentError


def test_canonical_text_keeps_every_character_but_line_ends_and_the_mark() -> None:
    assert canonical("\ufeffa\r\n\u00a0b\u200b “c”\n".encode()) == "a\n\u00a0b\u200b “c”\n"


def test_a_lone_carriage_return_and_an_inner_mark_stay() -> None:
    assert canonical("a\rb\ufeffc".encode()) == "a\rb\ufeffc"


def test_the_digest_is_that_of_the_canonical_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"one\r\ntwo")
    assert read(tmp_path / "a.txt").digest == digest("one\ntwo")


def test_lines_are_counted_from_one(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one\ntwo\nthree", "utf-8")
    document = read(tmp_path / "a.txt")
    assert [document.line(offset) for offset in (0, 3, 4, 12)] == [1, 1, 2, 3]
    assert document.page(0) is None
    assert document.reader == "kg text 1"


def test_markdown_is_its_own_canonical_text() -> None:
    assert of_bytes(b"# One\n\n*two*", "a.md").text == "# One\n\n*two*"


def test_an_empty_text_is_a_document() -> None:
    assert of_bytes(b"", "a.txt").text == of_bytes(b"", "a.html").text == ""


# --- Web pages ------------------------------------------------------------------------------------------------------------------------

PAGE = """<!doctype html><html lang="en-GB"><head><title>Bridge closed | Wold Herald</title>
<meta property="og:site_name" content="Wold Herald"><meta name="author" content="Ada Quill">
<meta property="article:published_time" content="2024-03-05T10:00:00Z"><script>alert("in the head")</script></head>
<body><nav><a href=/>Home</a><a href=/n>News</a></nav><article><h1>Bridge closed after review</h1>
<p>The council has closed the bridge at Wold after a review found that its cables were &quot;unsafe&quot;, a spokesperson
said on Tuesday.</p><script>alert("in the text")</script><h2>What was found</h2>
<ul><li>The first cable had rusted through</li><li>The second one <b>was never</b> inspected</li></ul>
<p>A line<br>and another line of the paragraph, which goes on for quite some time.</p>
<table><tr><th>Year</th><th>Faults</th></tr><tr><td>2023</td><td>12</td></tr></table>
<p>Mayor Jo Finch said: “I am sorry.”</p></article><footer>All rights reserved</footer></body></html>"""


def test_a_web_page_gives_the_blocks_of_its_article_in_order() -> None:
    document = of_bytes(PAGE.encode(), "a.html")
    assert document.text == (
        "Bridge closed after review\n\n"
        'The council has closed the bridge at Wold after a review found that its cables were "unsafe", a spokesperson said on Tuesday.\n\n'
        "What was found\n\n• The first cable had rusted through\n\n• The second one was never inspected\n\n"
        "A line\nand another line of the paragraph, which goes on for quite some time.\n\n"
        "Year | Faults\n\n2023 | 12\n\nMayor Jo Finch said: “I am sorry.”\n"
    )
    assert document.reader.startswith("trafilatura ") and document.reader.endswith("(kg html 1)")


def test_a_web_page_tells_who_published_it_and_when() -> None:
    about = of_bytes(PAGE.encode(), "a.htm").metadata
    assert (about.title, about.author, about.publisher, about.date, about.language) == (
        "Bridge closed after review", "Ada Quill", "Wold Herald", "2024-03-05", "en-GB",
    )  # fmt: skip


def test_the_same_page_gives_the_same_text() -> None:
    assert of_bytes(PAGE.encode(), "a.html") == of_bytes(PAGE.encode(), "a.html")


def test_a_page_without_an_article_is_read_whole_but_for_its_scripts() -> None:
    raw = b"<base href=//evil.example><script>alert(1)</script><svg onload=alert(1)><iframe srcdoc='<script>x'></iframe><p>Hello"
    assert of_bytes(raw, "a.html").text == "Hello\n"


@pytest.mark.parametrize(
    "raw",
    [
        "<p>café at Wold".encode(),
        b"<meta charset=iso-8859-1><p>caf\xe9 at Wold",
        b"<p>caf\xe9 at Wold",
        "\ufeff<p>café at Wold".encode("utf-16"),
        b"<meta charset=nonsense><p>caf\xc3\xa9 at Wold",
    ],
)
def test_a_page_is_decoded_by_its_mark_its_word_or_its_bytes(raw: bytes) -> None:
    assert of_bytes(raw, "a.html").text == "café at Wold\n"


@pytest.mark.parametrize(
    "raw",
    [
        b"<div>" * 300_000 + b"x",
        b"<p>" * 300_000,
        b"<meta " * 300_000,
        b"<" * 3_000_000,
        b"<a " + b"x=" * 1_000_000,
        b"<html><body>" + b"<p>The council was sorry.</p>" * 60_000,
        b"<p>" + b"word " * 2_200_000,
        b"x<br>" * 200_000,
    ],
)
def test_no_page_hangs(raw: bytes) -> None:
    start = time.perf_counter()
    try:
        of_bytes(raw, "a.html")
    except DocumentError as error:
        assert error.remedy
    assert time.perf_counter() - start < 20


# --- PDF ------------------------------------------------------------------------------------------------------------------------------


def pdf(*pages: list[tuple[int, str]], more: str = "", info: str = "") -> bytes:
    """A PDF with one line of text at each height of each page."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, lines in enumerate(pages):
        text = "".join(f"BT /F1 12 Tf 72 {height} Td ({line}) Tj ET\n" for height, line in lines)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(text)} >>\nstream\n{text}endstream")
    objects.append(f"<< {info} >>")
    body, places = "%PDF-1.4\n", []
    for number, entry in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{entry}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R /Info {size - 1} 0 R {more} >>\nstartxref\n{len(body)}\n%%EOF"
    return f"{body}xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}".encode("latin-1")


REVIEW = pdf(
    [
        (800, "The Wold Review 2024"),
        (760, "Findings"),
        (730, "1. We find that the bridge was not inspected for many years, and that the"),
        (716, "well-known risk of rust was ignored by those who were in charge of the in-"),
        (702, "spection of it."),
        (674, "2. One officer told us that nobody had asked him about the cables, although"),
        (50, "1"),
    ],
    [(800, "The Wold Review 2024"), (760, "he had written about them twice."), (732, "We recommend a new bridge."), (50, "2")],
    [(800, "The Wold Review 2024"), (760, "3. The mayor told us that she was sorry."), (50, "3")],
    info="/Title (The Wold Review) /Author (Dame Ada Quill)",
)


def test_lines_of_a_pdf_are_joined_into_paragraphs_also_across_pages() -> None:
    assert of_bytes(REVIEW, "a.pdf").text.split("\n\n") == [
        "Findings",
        "1. We find that the bridge was not inspected for many years, and that the well-known risk of rust was ignored by those who were "
        "in charge of the in-spection of it.",
        "2. One officer told us that nobody had asked him about the cables, although he had written about them twice.",
        "We recommend a new bridge.",
        "3. The mayor told us that she was sorry.\n",
    ]


def test_a_passage_of_a_pdf_has_its_page() -> None:
    document = of_bytes(REVIEW, "a.pdf")
    pages = [document.page(document.text.index(words)) for words in ("Findings", "although", "he had written", "new bridge", "The mayor")]
    assert pages == [1, 1, 2, 2, 3]
    assert (document.page(0), document.page(len(document.text))) == (1, 3)
    assert document.reader.startswith("pypdfium2 ")
    assert (document.metadata.title, document.metadata.author) == ("The Wold Review", "Dame Ada Quill")


LOCK = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{'28' * 32}> /U <{'29' * 32}> /P -4 >> /ID [<{'30' * 16}> <{'30' * 16}>]"


# --- Word -----------------------------------------------------------------------------------------------------------------------------


def word() -> bytes:
    made = docx.Document()
    made.add_heading("The Wold Review", 0)
    made.add_paragraph("The bridge  was\tshut.")
    made.add_heading("Findings", 1)
    for item in ("rust", "rain"):
        made.add_paragraph(item, style="List Bullet")
    table = made.add_table(2, 2)
    for row, cells in zip(table.rows, (("Year", "Faults"), ("2023", "12")), strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    for item in ("inspect it", "mend it"):
        made.add_paragraph(item, style="List Number")
    made.add_paragraph("")
    made.core_properties.author = "Ada Quill"
    stream = BytesIO()
    made.save(stream)
    return stream.getvalue()


def archive(**entries: bytes) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, raw in entries.items():
            made.writestr(name, raw)
    return stream.getvalue()


def test_a_word_document_gives_headings_lists_and_tables_in_order() -> None:
    document = of_bytes(word(), "a.docx")
    assert document.text == (
        "The Wold Review\n\nThe bridge was shut.\n\nFindings\n\n• rust\n\n• rain\n\n"
        "Year | Faults\n\n2023 | 12\n\n1. inspect it\n\n2. mend it\n"
    )
    assert document.metadata.author == "Ada Quill"
    assert document.reader.startswith("python-docx ")


# --- What cannot be read --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("a.txt", b"ok \xff", "not UTF-8 at byte 3"),
        ("a.txt", "text".encode("utf-16"), "not UTF-8 at byte 0"),
        ("a.txt", b"text\0", "no text: a zero byte at 4"),
        ("a.txt", REVIEW, "is a PDF, whatever its name says"),
        ("a.pdf", archive(a=b"x"), "is a ZIP archive"),
        ("a.exe", b"", "cannot read a `.exe` file"),
        ("a.pdf", b"", "no PDF that can be read"),
        ("a.pdf", b"%PDF-1.7 broken", "no PDF that can be read"),
        ("a.pdf", pdf([]), "scanned, it needs OCR first"),
        ("a.pdf", pdf([(700, "text")], more=LOCK), "locked with a password"),
        ("a.docx", b"", "no Word document that can be read"),
        ("a.docx", b"PK\x03\x04broken", "no Word document that can be read"),
        ("a.docx", archive(a=b"x"), "no Word document"),
        ("a.docx", archive(**{"[Content_Types].xml": b"<x/>", "word/document.xml": b"0" * 300_000_000}), "unpacks to more than 256 MiB"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "locked with a password, or in the old .doc format"),
        ("a.html", b"<b>" * 300, "nested more than 200 deep"),
        ("a.html", b" " * (17 << 20), "larger than 16 MiB"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, name: str, raw: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(DocumentError, match=message) as error:
        read(tmp_path / name)
    assert error.value.remedy


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("too much", "utf-8")
    monkeypatch.setattr(reading, "LARGEST", 4)
    with pytest.raises(DocumentError, match="larger than"):
        read(tmp_path / "a.txt")


def test_a_folder_is_read_in_the_order_of_names_and_other_files_are_passed_over(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "c.png", "scan.pdf"):
        (tmp_path / name).write_text(name, "utf-8")
    (tmp_path / "d.html").write_text(PAGE, "utf-8")
    assert [document.name for document in read_all(tmp_path)] == ["a.md", "b.txt", "d.html"]


def test_a_text_of_a_folder_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xff")
    with pytest.raises(DocumentError, match="not UTF-8"):
        list(read_all(tmp_path))


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="no such folder"):
        list(read_all(tmp_path / "none"))


# --- Fetching -------------------------------------------------------------------------------------------------------------------------


class Site(BaseHTTPRequestHandler):
    """A small site that answers well, badly, or not at all."""

    answers: ClassVar[dict[str, tuple[int, dict[str, str], bytes]]] = {
        "/bridge": (200, {"Content-Type": "text/html; charset=utf-8"}, PAGE.encode()),
        "/review.pdf": (200, {"Content-Type": "application/pdf"}, REVIEW),
        "/a%20note.md": (200, {"Content-Type": "text/plain"}, b"# Note"),
        "/moved": (301, {"Location": "/bridge"}, b""),
        "/round": (302, {"Location": "/round"}, b""),
        "/file": (302, {"Location": "file:///etc/passwd"}, b""),
        "/picture": (200, {"Content-Type": "image/png"}, b"PNG"),
        "/packed": (200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, b"x"),
        "/broken.pdf": (200, {"Content-Type": "application/pdf"}, b"x"),
        "/large": (200, {"Content-Type": "text/plain"}, b"x" * 5000),
    }

    def do_GET(self) -> None:
        if self.path == "/slow":
            for _ in range(60):
                self.wfile.write(b"H")
                time.sleep(0.1)
            return
        status, headers, raw = self.answers.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.handle_error = lambda request, client_address: None  # type: ignore[method-assign]
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_page_is_fetched_by_its_address(site: str) -> None:
    document = fetch(f"{site}/moved")
    assert document.text == of_bytes(PAGE.encode(), "a.html").text
    assert (document.metadata.url, document.name) == (f"{site}/bridge", "bridge.html")


@pytest.mark.parametrize(("path", "name", "words"), [("/review.pdf", "review.pdf", "Findings"), ("/a note.md", "a note.md", "# Note")])
def test_what_is_fetched_is_read_as_what_its_server_says_it_is(site: str, path: str, name: str, words: str) -> None:
    document = fetch(f"{site}{path}")
    assert document.name == name
    assert document.text.startswith(words)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/none", "the server answers 404"),
        ("/round", "more than 5 redirects"),
        ("/file", "a redirect to what is not the web"),
        ("/picture", "is `image/png`"),
        ("/packed", "sent as gzip"),
        ("/broken.pdf", "no PDF that can be read"),
        ("/large", "larger than"),
        ("/slow", "no answer within"),
    ],
)
def test_what_cannot_be_fetched_says_why(site: str, path: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "LARGEST", len(PAGE) + 500)
    monkeypatch.setattr(fetching, "SECONDS", 1.0)
    start = time.perf_counter()
    with pytest.raises(DocumentError, match=message) as error:
        fetch(f"{site}{path}")
    assert error.value.remedy
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://127.0.0.1/a", "bridge.html", "http://", "http://127.0.0.1:1/", "http://[", "http://127.0.0.1:x/"]
)
def test_what_is_no_web_address_is_not_fetched(url: str) -> None:
    with pytest.raises(DocumentError) as error:
        fetch(url)
    assert error.value.remedy


def test_a_public_page_cannot_send_us_into_our_own_network(site: str) -> None:
    with pytest.raises(DocumentError, match="an address inside this network"):
        fetching._get(f"{site}/bridge", time.monotonic() + 5, False)


def test_a_document_needs_no_more_than_text_and_digest() -> None:
    assert Document(Path("a.txt"), "a", digest("a")).metadata.title == ""
