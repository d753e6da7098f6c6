"""The pages of statements and reports: what they say is what the records say, and the words are those of the document."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pyoxigraph as ox
import pytest

import kg
from kg.documents import digest
from kg.errors import NotFoundError, QueryError
from kg.graph import Graph
from kg.index import Selection
from kg.network import StatementRow
from kg.vocabulary import ACC
from kg.web.addresses import Addresses, FileAddresses
from kg.web.highlight import Spot
from kg.web.page import render, twin
from kg.web.pages import report as report_module
from kg.web.pages.report import pieces, report
from kg.web.pages.statement import passages, statement, statements
from kg.web.site import Site
from tests.conftest import TUTORIAL

HOSTILE = "<script>alert(1)</script>"


def all_statements(site: Site) -> list[StatementRow]:
    return site.index.select(Selection(), order="reading")


def read_reports(site: Site) -> list[str]:
    return sorted({row.report.id for row in all_statements(site) if row.report})


class Words(HTMLParser):
    """The words of each element that a browser would show, by its id; and every tag."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.marked: list[str] = []
        self.ids: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.ids += [value or "" for name, value in attributes if name == "id"]
        if tag == "mark":
            self.marked.append("")

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        if self.tags.count("mark") > self.tags.count("/mark"):
            self.marked[-1] += data


def html(site: Site, iri: str, **asked: str) -> str:
    make = report if "/report/" in iri else statement
    return render(site, make(site, iri, asked), site.addresses.path(iri), asked)


def test_what_is_marked_is_the_passage_to_the_letter(site: Site) -> None:
    for row in all_statements(site):
        assert row.report
        text = site.document(row.report.id)
        assert text
        marked = "".join(Words(html(site, row.id)).marked)
        spots = sorted((one["start"], one["end"]) for one in passages(site, row.id))
        assert marked == "".join(text[start:end] for start, end in spots), row.id


def test_the_quote_stands_out_within_its_passage(site: Site) -> None:
    quoted = [row for row in all_statements(site) if row.quote]
    assert quoted
    for row in quoted:
        source = statement(site, row.id, {}).data["source"]
        segments = [one for excerpt in source["excerpts"] for line in excerpt["lines"] for one in line]
        assert "".join(one["text"] for one in segments if "quote" in one["names"]) == row.quote
        assert all(len(one["names"]) > 1 for one in segments if "quote" in one["names"])


def test_every_fragment_of_a_statement_is_an_anchor_on_its_page(site: Site) -> None:
    for row in all_statements(site):
        parts = [*site.all(row.id, "acc:passage"), *site.all(row.id, "acc:figure")]
        ids = Words(html(site, row.id)).ids
        assert {iri.partition("#")[2] for iri in parts if "#" in iri} <= set(ids), row.id
        assert len(ids) == len(set(ids))


def test_without_the_document_the_page_says_where_to_look(tutorial: Graph) -> None:
    hidden = Site(tutorial, Addresses(tutorial.manifest.base), texts=False)
    for row in all_statements(hidden):
        assert row.report
        text = tutorial.document(row.report.id) or ""
        page = html(hidden, row.id)
        assert "mark" not in Words(page).tags
        for one in passages(hidden, row.id):
            assert one["digest"] in page
            assert f"characters {one['start']} to {one['end']}" in page
            words = text[one["start"] : one["end"]]
            assert words == row.quote or words not in unescape(page)


def test_what_answers_a_statement_stands_on_its_page_and_the_other_way_round(site: Site) -> None:
    pairs = 0
    for row in all_statements(site):
        for role, other in row.answers:
            told = [one for one in statement(site, row.id, {}).data["relations"] if one["relation"] == role]
            assert other in {one["id"] for relation in told for one in [*relation["statements"], *relation["things"]]}
            if site.index.statement(other):
                pairs += 1
                back = [one for one in statement(site, other, {}).data["relations"] if one["relation"] == role]
                assert row.id in {one["id"] for relation in back for one in relation["statements"]}
    assert pairs > 10


def test_every_telling_of_the_same_words_leads_to_all_the_others(met: Graph) -> None:
    site = Site(met, Addresses(met.manifest.base))
    tellings: dict[str, set[str]] = {}
    for row in all_statements(site):
        for role, other in row.answers:
            if role == "repeats":
                tellings.setdefault(other, {other}).add(row.id)
    assert any(len(group) > 2 for group in tellings.values())
    for group in tellings.values():
        for iri in group:
            relations = statement(site, iri, {}).data["relations"]
            assert {one["id"] for r in relations if r["relation"] == "repeats" for one in r["statements"]} == group - {iri}


def test_one_can_read_from_statement_to_statement_through_a_report(site: Site) -> None:
    for iri in read_reports(site):
        rows = site.index.select(Selection(report=iri), order="reading")
        walked, at = [], rows[0].id
        assert statement(site, at, {}).data["before"] == {}
        while at:
            walked.append(at)
            after = statement(site, at, {}).data["after"].get("id", "")
            assert not after or statement(site, after, {}).data["before"]["id"] == at
            at = after
        assert walked == [row.id for row in rows]


def test_assessments_keep_the_speakers_word_apart_from_that_of_others(site: Site) -> None:
    assessed = {quad.object.value for quad in site.store.quads_for_pattern(None, ox.NamedNode(ACC + "assesses"), None, None)}
    assert assessed
    for iri in assessed:
        found = statement(site, iri, {}).data["assessments"]
        assert [one["date"] for one in found] == sorted(one["date"] for one in found)
        assert {one["id"] for one in found} == set(site.subjects("acc:assesses", iri))
        headings = re.findall("<h3>([^<]*)</h3>", html(site, iri).partition("What has become of it")[2].partition("</section>")[0])
        assert headings == sorted({site.label(site.one(one["id"], "acc:basis")).capitalize() for one in found})


def test_figures_keep_what_their_number_means(site: Site) -> None:
    qualified = {quad.subject.value for quad in site.store.quads_for_pattern(None, ox.NamedNode(ACC + "qualifier"), None, None)}
    assert qualified
    for iri in qualified:
        (owner,) = site.subjects("acc:figure", iri)
        (one,) = [one for one in statement(site, owner, {}).data["figures"] if one["id"] == iri]
        page = " ".join(re.sub("<[^>]+>", "", html(site, owner)).split())
        assert one["number"].startswith(site.label(site.one(iri, "acc:qualifier")))
        assert f"{one['number']} {one['unit']}" in page


def test_the_page_says_whether_the_passage_was_compared(site: Site, tmp_path: Path) -> None:
    row = all_statements(site)[0]
    assert "was compared with the document" in " ".join(html(site, row.id).split()).replace("passages were", "passage was")
    shutil.copytree(TUTORIAL, tmp_path / "case", ignore=shutil.ignore_patterns("sources"))
    graph = kg.open(tmp_path / "case")
    assert "was not at hand" in html(Site(graph, Addresses(graph.manifest.base)), row.id)


def test_a_report_has_each_statement_once_and_links_to_its_place_and_back(site: Site) -> None:
    for iri in read_reports(site):
        page = html(site, iri)
        ids = Words(page).ids
        assert len(ids) == len(set(ids))
        rows = site.index.select(Selection(report=iri), order="reading")
        listed = [one for group in report(site, iri, {}).data["groups"] for one in group["statements"]]
        assert [(one["id"], one["number"]) for one in listed] == [(row.id, number) for number, row in enumerate(rows, 1)]
        for target in re.findall(r'href="#([^"]+)"', page):
            assert target in {*ids, "main"}
        for one in listed:
            assert f'href="#at-{one["place"]}"' in page
            assert f"#at-{one['place']}" in html(site, one["id"])


def test_the_text_of_a_report_is_the_document(site: Site) -> None:
    for iri in read_reports(site):
        found = report(site, iri, {}).data["text"]
        assert "".join(one["text"] for piece in found for line in piece["lines"] for one in line) == site.document(iri)
        updates = site.all(iri, "acc:liveUpdate")
        assert {piece["live"]["id"] for piece in found if piece["live"]} == set(updates)


@pytest.mark.parametrize("size", [1, 2, 5])
def test_the_parts_of_a_long_list_share_all_of_the_text(site: Site, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(report_module, "BESIDE", size)
    for iri in read_reports(site):
        text, covered = site.document(iri) or "", set()
        for offset in range(0, site.index.count(Selection(report=iri)), size):
            data = report(site, iri, {"offset": str(offset)}).data
            listed = [one for group in data["groups"] for one in group["statements"]]
            assert [one["number"] for one in listed] == [*range(offset + 1, offset + len(listed) + 1)]
            segments = [one for piece in data["text"] for line in piece["lines"] for one in line]
            covered |= {place for one in segments for place in range(one["start"], one["start"] + len(one["text"]))}
            for one in listed:
                here = [part for part in segments if str(one["number"]) in part["names"]]
                first = passages(site, one["id"])[0]
                assert here[0]["start"] == first["start"] == one["place"]
                assert "".join(part["text"] for part in here if part["start"] < first["end"]) == text[first["start"] : first["end"]]
            marked = {name for one in segments for name in one["names"]}
            assert marked <= {str(one["number"]) for one in listed} | set(data["beyond"])
        assert covered == set(range(len(text)))


def test_text_that_is_far_from_every_passage_is_left_out_and_counted() -> None:
    text = "".join(f"line {number:07}\n" for number in range(10_000))
    spots = [Spot(40_000, 40_010, "1"), Spot(90_000, 90_010, "2")]
    found = pieces(text, spots, {"1"}, (0, len(text)), [])
    shown = sum(len(one["text"]) for piece in found for line in piece["lines"] for one in line)
    assert shown + sum(piece["left_out"] for piece in found) == len(text)
    assert shown < 40_000
    named = {name for piece in found for line in piece["lines"] for one in line for name in one["names"]}
    assert named == {"1"}
    for piece in found:
        assert "".join(one["text"] for line in piece["lines"] for one in line) in text[piece["start"] :][:30_000]


def test_a_report_is_narrowed_by_speaker_and_act(site: Site) -> None:
    iri = read_reports(site)[0]
    facets = report(site, iri, {}).data["facets"]
    speaker = facets["speaker"][1]
    data = report(site, iri, {"speaker": speaker["value"]}).data
    listed = [one for group in data["groups"] for one in group["statements"]]
    assert len(listed) == speaker["count"] < data["told"]
    assert {one["speaker"]["id"] for one in listed} == {speaker["value"]}
    marked = {name for piece in data["text"] for line in piece["lines"] for one in line for name in one["names"]}
    assert marked == {str(one["number"]) for one in listed}
    assert "No statement of this report meets that" in html(site, iri, act="Nothing")


def test_a_report_that_was_only_spoken_of_says_so(site: Site) -> None:
    iris = [row["iri"] for row in site.index.execute("SELECT iri FROM thing WHERE kind = 'report'")]
    unread = set(iris) - set(read_reports(site))
    assert unread
    for iri in unread:
        page = html(site, iri)
        assert "Not read for this case" in page
        assert 'id="statements"' not in page


def test_reactions_to_a_report_are_those_in_other_reports(site: Site) -> None:
    iri = f"{site.manifest.base}report/stonebeck-review-2024"
    own = {row.id for row in site.index.select(Selection(report=iri))}
    wanted = {
        row.id
        for row in all_statements(site)
        if row.id not in own and not row.repeats
        for role, other in row.answers
        if role in ("respondsTo", "accepts", "disputes") and other in own | {iri}
    }
    data = report(site, iri, {}).data["reactions"]
    assert {one["id"] for group in data["speakers"] for one in group["statements"]} == wanted != set()
    assert data["total"] == len(wanted)
    assert all(one["speaker"]["id"] == group["speaker"]["id"] for group in data["speakers"] for one in group["statements"])


def test_the_list_is_narrowed_and_its_csv_has_all_of_it(site: Site) -> None:
    speaker = all_statements(site)[0].speaker
    page = statements(site, {"speaker": speaker.id, "again": "yes"})
    rows = site.index.select(Selection(speaker=speaker.id))
    assert [one["id"] for one in page.data["list"]["statements"]] == [row.id for row in rows]
    lines = list(csv.DictReader(io.StringIO(twin(site, page, "statement", ".csv").decode())))
    assert [line["statement"] for line in lines] == [row.id for row in rows]
    assert {line["speaker"] for line in lines} == {speaker.label}
    everything = statements(site, {"offset": "10"})
    assert everything.table is not None
    assert len(everything.table()) == site.index.count(Selection(repeats=False)) == everything.data["list"]["paging"]["total"]
    asked = {"answers": f"{site.manifest.base}report/stonebeck-review-2024"}
    assert "that answer, accept or dispute" in render(site, statements(site, asked), "statement", asked)


def test_what_is_not_there_is_an_error_that_says_so(site: Site) -> None:
    with pytest.raises(NotFoundError):
        statement(site, site.manifest.base + "statement/none/1", {})
    with pytest.raises(NotFoundError):
        report(site, site.manifest.base + "report/none", {})
    with pytest.raises(QueryError):
        statements(site, {"offset": "-1"})
    with pytest.raises(QueryError):
        report(site, read_reports(site)[0], {"offset": "x"})
    nothing = statements(site, {"party": HOSTILE})
    assert nothing.data["list"]["statements"] == []
    assert HOSTILE not in render(site, nothing, "statement", {"party": HOSTILE})


def test_the_data_of_a_page_is_plain_json(site: Site) -> None:
    for iri in [row.id for row in all_statements(site)] + read_reports(site):
        page = (report if "/report/" in iri else statement)(site, iri, {})
        written = json.loads(twin(site, page, site.addresses.path(iri), ".json"))
        assert written == {"@id": iri, "title": page.title, **page.data}
        assert page.about[0] == iri
        assert all(twin(site, page, site.addresses.path(iri), suffix) for suffix in page.twins)


def test_nothing_in_a_document_or_a_record_becomes_markup(tmp_path: Path) -> None:
    case = tmp_path / "case"
    shutil.copytree(TUTORIAL, case)
    letter = case / "sources" / "letter.txt"
    old, text = digest(letter.read_text("utf-8")), letter.read_text("utf-8") + HOSTILE + '"><img src=x>\n'
    letter.write_text(text, "utf-8")
    described = (case / "case.yaml").read_text("utf-8").replace(old, digest(text)).replace("characters: 1896", f"characters: {len(text)}")
    (case / "case.yaml").write_text(described, "utf-8")
    file = case / "statements" / "marwick-letter-2024.yaml"
    file.write_text(re.sub(r"(?m)^  summary: .*$", f"  summary: '{HOSTILE} {{{{ 7*7 }}}}.'", file.read_text("utf-8")), "utf-8")
    graph = kg.open(case)
    site = Site(graph, Addresses(graph.manifest.base))
    iri = f"{graph.manifest.base}report/marwick-letter-2024"
    for page in (html(site, iri), html(site, f"{graph.manifest.base}statement/marwick-letter-2024/018")):
        assert HOSTILE in unescape(page)
        assert "img" not in Words(page).tags
        assert HOSTILE not in page
        assert not re.search(r"<[^>]+\s(on\w+|style)=", page)
        assert "{{ 7*7 }}" in page


def test_a_static_copy_has_no_filters_and_relative_links(site: Site) -> None:
    static = replace(site, addresses=FileAddresses(site.manifest.base), live=False)
    row = all_statements(static)[-1]
    assert row.report
    page = html(static, row.report.id)
    assert "Narrow the list" not in page
    assert 'href="../statement/' in page
    assert "offset=" not in html(static, row.id)
