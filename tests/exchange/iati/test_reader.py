"""Reading IATI activity files: each rule on a small file, then the real and the hostile files."""

import csv
import io
import os
import resource
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.exchange.iati.activity import Activity, CountryShare, Problem, SectorShare
from app.exchange.iati.reader import Limits, count_activities, read_activities

_BESIDE_THE_REPOSITORY = Path(__file__).parents[3].parent / "shared" / "data"
SHARED = Path(os.environ.get("COUNTERPART_SHARED", _BESIDE_THE_REPOSITORY))
NAMED = "<iati-identifier>XX-1</iati-identifier><reporting-org ref='XX'/><title>Courts</title>"


def items(content: str | bytes, limits: Limits | None = None) -> tuple[list[Activity], list[Problem]]:
    """The activities and the problems of a whole file."""
    data = content.encode() if isinstance(content, str) else content
    found = list(read_activities(io.BytesIO(data), name="a.xml", limits=limits or Limits()))
    activities = [item for item in found if isinstance(item, Activity)]
    return activities, [item for item in found if isinstance(item, Problem)]


def in_file(*activities: str, attributes: str = "version='2.03'") -> str:
    """A file of some activities, each given as all that stands inside its element."""
    bodies = "".join(f"<iati-activity>{body}</iati-activity>" for body in activities)
    return f"<iati-activities {attributes}>{bodies}</iati-activities>"


def one(body: str, attributes: str = "version='2.03'") -> tuple[Activity, list[str]]:
    """The only activity of a file and the codes of its problems; it has a name already."""
    activities, problems = items(in_file(NAMED + body, attributes=attributes))
    assert len(activities) == 1
    return activities[0], [problem.code for problem in problems]


def test_narratives_of_version_2_and_repeated_elements_of_version_1() -> None:
    new, _ = items(
        in_file(
            "<iati-identifier> XX-1\n</iati-identifier><title xml:lang='en'><narrative>Fair\n  "
            "courts</narrative><narrative xml:lang='FR-fr'>Tribunaux</narrative></title>"
        )
    )
    old, _ = items(
        in_file(
            "<iati-identifier>XX-1</iati-identifier><title xml:lang='en'>Fair courts</title>"
            "<title xml:lang='fra'>Tribunaux</title>",
            attributes="version='1.03'",
        )
    )
    assert new[0].identifier == "XX-1"
    assert new[0].titles == old[0].titles == {"en": "Fair courts", "fr": "Tribunaux"}
    assert (new[0].version, old[0].version) == ("2.03", "1.03")


def test_language_falls_back_to_activity_then_file_then_none() -> None:
    text = in_file(NAMED + "<description xml:lang=''>Aide</description>")
    activities, _ = items(text.replace("<iati-activity>", "<iati-activity xml:lang='fr'>"))
    assert (activities[0].language, activities[0].descriptions) == ("fr", {"fr": "Aide"})
    assert one("", "version='2.03' xml:lang='pt-BR'")[0].titles == {"pt": "Courts"}
    assert (one("")[0].language, one("")[0].titles) == (None, {"": "Courts"})
    assert one("<description xml:lang='English!'>x</description>")[1] == ["language"]


def test_descriptions_keep_paragraphs_and_lists_and_lose_markup() -> None:
    activity, _ = one(
        "<description type='1'>One\n   line.\n\n  Two:\n - a\n - b</description>"
        "<description type='2'>&lt;p&gt;Aims &amp;amp; means&lt;/p&gt;</description>"
        "<description type='3'>Aims &amp; means</description>"
    )
    assert activity.descriptions == {"": "One line.\n\nTwo:\n- a\n- b\n\nAims & means"}


def test_first_sentence_of_the_description_stands_in_for_a_title() -> None:
    activities, problems = items(in_file("<iati-identifier>X</iati-identifier><description>One. Two.</description>"))
    assert activities[0].titles == {"": "One."}
    assert "no_title" in {problem.code for problem in problems}


def test_parties_in_words_and_codes_and_two_languages() -> None:
    activity, codes = one(
        "<participating-org role='Funding' ref='CA' type='Government' xml:lang='en'>Canada"
        "</participating-org><participating-org role='Funding' ref='CA' type='10' xml:lang='fr'>"
        "Le Canada</participating-org><participating-org role='4'><narrative>Bar</narrative>"
        "</participating-org><participating-org role='[]' ref='X'/>"
        "<contact-info><person-name>Somebody</person-name></contact-info>"
    )
    first, second = activity.participants
    assert (first.role, first.type, first.names) == ("1", "10", {"en": "Canada", "fr": "Le Canada"})
    assert (second.role, second.name) == ("4", "Bar")
    assert codes == ["role"]
    assert activity.reporting.name == "XX"
    assert "Somebody" not in repr(activity)


def test_countries_regions_and_sectors() -> None:
    activity, codes = one(
        "<recipient-country code='gh' percentage='60.0'/>"
        "<recipient-country code='998' percentage='5'/>"
        "<recipient-region code='289' percentage='40'/>"
        "<sector vocabulary='DAC' code='15130' percentage='100'/><sector code='151'/>"
        "<sector vocabulary='RO' code='A1'/><sector vocabulary='WBTheme' code='25'/>"
    )
    assert activity.countries == (CountryShare("GH", Decimal("60.0")),)
    assert activity.regions == ("289",)
    assert activity.sectors == (
        SectorShare("1", "15130", Decimal(100)),
        SectorShare("2", "151"),
        SectorShare("99", "A1"),
        SectorShare("WBTheme", "25"),
    )
    assert codes == ["region_as_country"]


@pytest.mark.parametrize(
    "body",
    ["<recipient-country code='AN'/>", "<sector code='15140'/>", "<default-finance-type code='111'/>"],
)
def test_withdrawn_codes_are_kept_and_told(body: str) -> None:
    activity, codes = one(body)
    assert codes == ["withdrawn_code"]
    assert activity.countries or activity.sectors or activity.finance_type


def test_places_and_sectors_of_transactions_when_the_activity_has_none() -> None:
    body = (
        "<transaction><transaction-type code='3'/><value currency='USD'>1</value>"
        "<recipient-country code='MW'/><sector code='15130'/></transaction>"
    )
    assert one(body)[0].countries == (CountryShare("MW"),)
    assert one(body)[0].sectors == (SectorShare("1", "15130"),)
    assert one(body + "<recipient-country code='GH'/>")[0].countries == (CountryShare("GH"),)


@pytest.mark.parametrize(
    ("shares", "codes"),
    [
        (("50", "50.1"), []),
        (("50", "40"), ["percentage_sum"]),
        (("50", ""), []),
        (("100", "100"), ["percentage_sum"]),
        (("101", "x"), ["percentage", "percentage"]),
    ],
)
def test_percentages(shares: tuple[str, str], codes: list[str]) -> None:
    countries = zip(("GH", "MW"), shares, strict=True)
    body = "".join(f"<recipient-country code='{c}' percentage='{p}'/>" for c, p in countries)
    activity, found = one(body)
    assert len(activity.countries) == 2
    assert found == codes


def test_dates_in_words_and_codes_with_actual_before_planned() -> None:
    activity, codes = one(
        "<activity-date type='Start Planned' iso-date='2010-01-01'/>"
        "<activity-date type='2' iso-date='2010-02-03Z'/>"
        "<activity-date type='end-planned'>2012-12-31</activity-date>"
    )
    assert (activity.planned_start, activity.actual_start) == (date(2010, 1, 1), date(2010, 2, 3))
    assert (activity.starts_on, activity.ends_on) == (date(2010, 2, 3), date(2012, 12, 31))
    assert codes == []


@pytest.mark.parametrize("value", ["0000-00-00", "N/A", "1066-10-14", "2101-01-01", "2010-02-30", "30/03/2012"])
def test_wrong_dates_are_left_out_and_noted_with_their_line(value: str) -> None:
    body = f"{NAMED}\n\n<activity-date type='1' iso-date='{value}'/>"
    activities, problems = items(in_file(body))
    assert activities[0].planned_start is None
    problem = problems[0]
    assert (problem.code, problem.line, problem.element) == ("date", 3, "activity-date")
    assert (problem.severity, problem.identifier) == ("skipped", "XX-1")
    assert problem.values == {"value": value}
    assert value in problem.sentence
    assert value not in problem.text


def test_codes_of_version_1_and_2() -> None:
    activity, codes = one(
        "<activity-status>Post-completion</activity-status><default-aid-type vocabulary='2' "
        "code='1'/><default-aid-type code='c01'/><default-finance-type code='110'/>"
        "<default-flow-type code=''/><related-activity type='Parent' ref='XX-0'/>"
        "<other-identifier>A</other-identifier><other-identifier ref='B'/>"
        "<activity-website>www.example.org</activity-website>"
        "<conditions><condition type='1'>Pay</condition></conditions>"
        "<document-link url='http://example.org/a b'><title>T</title></document-link>"
        "<document-link url='javascript:alert(1)'/>"
    )
    assert (activity.status, activity.aid_type, activity.finance_type) == ("4", "C01", "110")
    assert activity.flow_type is None
    assert [(r.type, r.identifier) for r in activity.related] == [("1", "XX-0")]
    assert activity.other_identifiers == ("A", "B")
    assert activity.website == "http://www.example.org"
    assert activity.conditions == ("Pay",)
    assert [(d.url, d.title) for d in activity.documents] == [("http://example.org/a%20b", "T")]
    assert codes == ["url"]


def test_transactions_and_budgets() -> None:
    letters = ["IF", "C", "D", "E", "IR", "LR", "R", "QP", "QS", "CG", "11", "13"]
    moved = "".join(
        f"<transaction><transaction-type code='{code}'/><value value-date='2012-01-01'>-1.50"
        "</value><provider-org ref='XX'/><receiver-org>Bar</receiver-org></transaction>"
        for code in letters
    )
    planned = (
        "<budget type='Revised'><period-start iso-date='2012-01-01'/>"
        "<value currency='gbp' value-date='2012-01-01'>10</value></budget>"
    )
    text = in_file(NAMED + moved + planned)
    activities, problems = items(text.replace("<iati-activity>", "<iati-activity default-currency='usd'>"))
    transactions = activities[0].transactions
    assert [t.type for t in transactions] == [*"123456789", "10", "11", "13"]
    assert (transactions[0].amount, transactions[0].currency) == (Decimal("-1.50"), "USD")
    assert transactions[0].date == date(2012, 1, 1)
    assert (transactions[0].provider, transactions[0].receiver) == ("XX", "Bar")
    budget = activities[0].budgets[0]
    assert (budget.type, budget.amount, budget.currency) == ("2", Decimal(10), "GBP")
    assert (budget.start, budget.end) == (date(2012, 1, 1), None)
    assert problems == []


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        ("<value currency='USD'>abc</value>", ["amount"]),
        ("<value currency='USD'>NaN</value>", ["amount"]),
        ("<value currency='USD'>1,5</value>", ["amount"]),
        ("<value currency='USD'> </value>", ["no_amount"]),
        ("", ["no_amount"]),
        ("<value currency='dollars'>1</value>", ["currency", "no_currency"]),
    ],
)
def test_wrong_money(value: str, codes: list[str]) -> None:
    activity, found = one(f"<budget>{value}</budget>")
    assert found == codes
    assert len(activity.budgets) == ("currency" in codes)


def test_refused_activities_leave_the_others() -> None:
    text = in_file("<title>No identifier</title>", "<iati-identifier>X</iati-identifier>", NAMED)
    activities, problems = items(text)
    assert [activity.identifier for activity in activities] == ["XX-1"]
    assert [(p.code, p.severity) for p in problems] == [
        ("no_identifier", "refused"),
        ("no_text", "refused"),
    ]


def test_unknown_version_empty_file_and_foreign_namespaces() -> None:
    assert one("", "version='9.9'")[1] == ["version"]
    assert [p.code for p in items(in_file())[1]] == ["no_activities"]
    foreign = "<x:title xmlns:x='urn:x'>Not this</x:title><x:b xmlns:x='urn:x'><title>No</title></x:b>"
    assert one(foreign)[0].titles == {"": "Courts"}


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"", "not_xml", 1),
        (b"This is not XML", "not_xml", 1),
        (b"<iati-organisations/>", "not_iati", 1),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]>\n<iati-activities/>", "doctype", 1),
        (b"<!--c-->" * 9000 + b"<!DOCTYPE a [<!ENTITY b 'c'>]>\n<iati-activities/>", "doctype", 2),
        (b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'>\n<iati-activities/>", "doctype", 2),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]>\n<a/>".encode("utf-16"), "doctype", 1),
        (b"<?xml version='1.0' encoding='martian'?><iati-activities/>", "unknown_encoding", 1),
    ],
)
def test_refused_files(content: bytes, code: str, line: int) -> None:
    activities, problems = items(content)
    assert activities == []
    assert [(p.code, p.line, p.severity) for p in problems] == [(code, line, "refused")]


@pytest.mark.parametrize(
    ("rest", "code"),
    [(b"\n<title>\xff</title></iati-activity>", "encoding"), (b"\n</a>", "not_xml")],
)
def test_what_was_read_before_a_break_is_kept(rest: bytes, code: str) -> None:
    whole = in_file(NAMED).removesuffix("</iati-activities>").encode()
    start = b"<iati-activity><iati-identifier>XX-2</iati-identifier>"
    activities, problems = items(whole + start + rest)
    assert [activity.identifier for activity in activities] == ["XX-1"]
    assert [(p.code, p.line, p.identifier) for p in problems] == [(code, 2, "XX-2")]


@pytest.mark.parametrize("encoding", ["utf-16", "windows-1252", "iso-8859-1"])
def test_encodings_as_declared(encoding: str) -> None:
    text = f"<?xml version='1.0' encoding='{encoding}'?>" + in_file(NAMED.replace("Courts", "Équité"))
    activities, _ = items(text.encode(encoding))
    assert activities[0].titles == {"": "Équité"}


def test_limits() -> None:
    text = in_file(NAMED, NAMED + "<sector code='15130'/>" * 20, NAMED)
    activities, problems = items(text, Limits(elements=10))
    assert (len(activities), [p.code for p in problems]) == (2, ["too_many_elements"])
    assert problems[0].identifier == "XX-1"
    assert [p.code for p in items(text, Limits(bytes=100))[1]] == ["too_large"]
    deep = in_file(NAMED, NAMED + "<a>" * 300)
    activities, problems = items(deep)
    assert (len(activities), [p.code for p in problems]) == (1, ["too_deep"])
    many = in_file(NAMED + "<activity-date type='1' iso-date='x'/>" * 9)
    problems = items(many, Limits(problems=2))[1]
    assert [p.code for p in problems] == ["date", "date", "more"]
    assert problems[-1].values == {"count": "7"}


class _Endless(io.RawIOBase):
    """A file made up as it is read."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self.parts = parts

    def read(self, size: int = -1) -> bytes:  # noqa: ARG002 - a part is as long as it is.
        return next(self.parts, b"")


def test_memory_stays_bounded() -> None:
    def parts() -> Iterator[bytes]:
        yield b"<iati-activities version='2.03'>"
        for _ in range(200):
            yield f"<iati-activity>{NAMED}</iati-activity>".encode() * 50
        yield b"<iati-activity>"
        for _ in range(200):
            yield b"<sector code='15130'/>" * 1000
        yield b"</iati-activity></iati-activities>"

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    source: Any = _Endless(parts())
    found = list(read_activities(source, name="endless", limits=Limits(elements=5000)))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert len(found) == 10_001
    assert grown < 60_000, f"{grown} kB more memory"


def test_count_is_quick_and_right(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(in_file(*[NAMED] * 7), encoding="utf-16")
    assert count_activities(path) == 7


def _need(folder: Path) -> Path:
    if not folder.is_dir():
        pytest.skip(f"the folder {folder.name} of the shared data is not here")
    return folder


def _squeezed(identifier: str | None) -> str:
    return "".join((identifier or "").split())


def test_every_real_activity_is_read_once() -> None:
    folder = _need(SHARED / "iati")
    expected: dict[str, list[str]] = defaultdict(list)
    with (folder / "INDEX.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            expected[Path(row["file"]).name].append(_squeezed(row["identifier"]))
    for path in sorted(folder.glob("*.xml")):
        found = [
            _squeezed(item.identifier)
            for item in read_activities(path, name=path.name)
            if isinstance(item, Activity) or item.severity == "refused"
        ]
        assert len(found) == count_activities(path), path.name
        assert sorted(found) == sorted(expected[path.name]), path.name


def test_no_hostile_file_gets_through() -> None:
    folder = _need(SHARED / "hostile" / "xml")
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        began = time.monotonic()
        found = list(read_activities(path, name=path.name))
        count_activities(path)
        assert time.monotonic() - began < 2, path.name
        assert found or path.suffix != ".xml", path.name
        sentences = [item.sentence for item in found if isinstance(item, Problem)]
        assert all(sentences), path.name
