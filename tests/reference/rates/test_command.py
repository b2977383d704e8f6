"""Importing rates: files in the bank's own form, the same again, faults with their places, and hostile files."""

from __future__ import annotations

import json
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.foundation.audit import AuditEvent
from app.foundation.permissions import Actor, Refused
from app.reference.rates import reader
from app.reference.rates.commands import import_rates
from app.reference.rates.models import ExchangeRate
from app.reference.rates.queries import rates_on
from app.reference.rates.service import import_rates as import_files

HOSTILE = Path(__file__).resolve().parents[4] / "shared" / "data" / "hostile"
# As the European Central Bank publishes them: the history with days in figures, one day with the month written out.
HISTORY = """Date,USD,JPY,BGN,CYP,ROL,TRL,
2024-11-15,1.0583,163.22,1.9558,N/A,N/A,N/A,
2024-11-14,1.0533,164.25,1.9558,,N/A,N/A,
1999-01-04,1.1789,133.73,N/A,0.58231,13111,372274,
"""
ONE_DAY = """Date, USD, JPY, BGN, CZK, \n15 November 2024, 1.0583, 163.22, 1.9558, 25.272, \n"""


@pytest.fixture
def write(tmp_path):
    def write(text: str | bytes, name: str = "eurofxref-hist.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write


@pytest.fixture
def invoke(app, tx):
    def invoke(*arguments: object):
        tx.flush()
        result = app.test_cli_runner().invoke(import_rates, [str(argument) for argument in arguments])
        tx.expire_all()
        return result

    return invoke


@pytest.fixture
def counts(invoke):
    def counts(*arguments: object) -> tuple[int, ...]:
        result = invoke(*arguments, "--json")
        assert result.exit_code == 0, result.output
        (file,) = json.loads(result.stdout)["files"]
        return tuple(file["counts"][name] for name in ("days", "new", "changed", "unchanged", "left_out"))

    return counts


def kept(tx) -> int:
    return tx.scalar(select(func.count(ExchangeRate.id)))


def events(tx) -> list[AuditEvent]:
    return list(tx.scalars(select(AuditEvent).where(AuditEvent.action == "rates.imported").order_by(AuditEvent.id)))


def fault(invoke, tx, path, *arguments: object) -> str:
    """The one fault of the file, of which nothing was kept."""
    result = invoke(path, *arguments)
    assert result.exit_code == 1
    assert kept(tx) == 0
    assert events(tx) == []
    *faults, last = result.stdout.splitlines()
    assert last == f"{path.name}: nothing was kept."
    assert len(faults) == 1, faults
    return faults[0].removeprefix(path.name).removeprefix(", ")


def test_the_history_is_kept_as_it_was_published(tx, invoke, write, now):
    result = invoke(write(HISTORY))
    assert result.exit_code == 0, result.output
    assert "3 days: 11 rates new, 0 changed, 0 unchanged; 7 cells left out" in result.stdout
    row = tx.scalar(select(ExchangeRate).where(ExchangeRate.day == date(2024, 11, 15), ExchangeRate.currency == "USD"))
    assert str(row.per_euro) == "1.0583"
    assert (row.source, row.imported_at) == ("European Central Bank", now)


def test_one_day_in_words_adds_to_the_history(tx, counts, write):
    assert counts(write(HISTORY)) == (3, 11, 0, 0, 7)
    assert counts(write(ONE_DAY, "eurofxref.csv")) == (1, 1, 0, 3, 0)
    assert kept(tx) == 12


def test_the_summary_counts_as_people_do(invoke, write):
    said = invoke(write("Date,USD,JPY\n2024-11-15,1.0583,N/A\n", "one.csv")).stdout
    assert said.startswith("one.csv: 1 day: 1 rate new, 0 changed, 0 unchanged; 1 cell left out (no rate")


def test_the_same_again_changes_nothing_and_is_no_event(tx, counts, write):
    path = write(HISTORY)
    counts(path)
    assert counts(path) == (3, 0, 0, 11, 7)
    (event,) = events(tx)
    assert event.details == {
        "source": "eurofxref-hist.csv",
        "named": "European Central Bank",
        "new": 11,
        "changed": 0,
    }


def test_a_corrected_rate_takes_the_place_of_the_first(tx, counts, write):
    counts(write(HISTORY))
    assert counts(write(HISTORY.replace("1.0583", "1.0584"))) == (3, 0, 1, 10, 7)
    assert rates_on(tx, date(2024, 11, 15)).rates["USD"].per_euro == Decimal("1.0584")
    assert kept(tx) == 11


def test_the_same_number_with_more_noughts_is_no_change(counts, write):
    counts(write(HISTORY))
    assert counts(write(HISTORY.replace("1.0583", "1.05830")))[2] == 0


def test_another_source_brings_currencies_of_its_own(tx, counts, write):
    counts(write(HISTORY))
    assert counts(write("Date,EUR,GHS\n2024-11-15,1,16.9\n", "ghana.csv"), "--source", " Bank  of Ghana ")[1] == 1
    rates = rates_on(tx, date(2024, 11, 15)).rates
    assert (rates["GHS"].source, rates["USD"].source) == ("Bank of Ghana", "European Central Bank")


def test_a_currency_whose_parity_the_law_fixes_is_left_out(tx, counts, write):
    assert counts(write("Date,XOF,USD\n2024-11-15,655.9,1.0583\n")) == (1, 1, 0, 0, 1)
    assert rates_on(tx, date(2024, 11, 15)).rates["XOF"].per_euro == Decimal("655.957")


def test_several_files_are_judged_one_by_one(tx, invoke, write, tmp_path):
    result = invoke(write(HISTORY), write("Date,USD\n2024-11-15,0\n", "bad.csv"), tmp_path / "missing.csv")
    assert result.exit_code == 1
    assert kept(tx) == 11
    assert "bad.csv: nothing was kept." in result.stdout
    assert "missing.csv: There is no such file." in result.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Date,USD\n2024-11-15,1.05\n2024-11-14,1.o5\n", "line 3, column USD: “1.o5” is no rate. Write units"),
        ("Date,USD\n2024-11-15,0\n", "line 2, column USD: “0” is no rate."),
        ("Date,USD\n2024-11-15,-1.05\n", "line 2, column USD: “-1.05” is no rate."),
        ("Date,USD\n2024-11-15,1e3\n", "line 2, column USD: “1e3” is no rate."),
        ("Date,USD\n2024-11-15,NaN\n", "line 2, column USD: “NaN” is no rate."),
        ("Date,USD\n2024-11-15,٣\n", "line 2, column USD: “٣” is no rate."),
        ('Date,USD\n2024-11-15,"1,05"\n', "line 2, column USD: “1,05” is no rate. Write units for one euro with a dec"),
        ("Date,USD\n2024-11-31,1.05\n", "line 2, column Date: “2024-11-31” is no day."),
        ("Date,USD\n11/12/2024,1.05\n", "line 2, column Date: “11/12/2024” is no day. Write it as 2024-11-15"),
        ("Date,USD\n2026-11-24,1.05\n", "line 2, column Date: 2026-11-24 has not come yet."),
        ("Date,USD\n2024-11-15,1.05\n15 November 2024,1.06\n", "line 3, column Date: 2024-11-15 stands in line 2 too."),
        ("Date,USD\n2024-11-15,1.05,7\n", "line 2: The line has 3 cells, and the first line 2."),
        ("Date,USD,JPY\n2024-11-15,1.05\n", "line 2: The line has 2 cells, and the first line 3."),
        ("Date,USX\n2024-11-15,1.05\n", "line 1, column USX: This is no currency of ISO 4217."),
        ("Date,USD,USD\n2024-11-15,1.05,1.05\n", "line 1, column USD: Two columns are of this currency."),
        ("Date,EUR\n2024-11-15,0.95\n", "line 2, column EUR: One euro is 1 euro, not 0.95."),
        ("Date;USD\n2024-11-15;1,05\n", "line 1, column Date: The first line has to begin like “Date, USD, JPY”, not"),
        ("Date\n2024-11-15\n", "line 1: The first line names no currency."),
        ("Date,USD\n", ": There is no line with a day in the file."),
        ("", "line 1, column Date: The first line has to begin like"),
        (b"Date,USD\n2024-11-15,1.05\n2024-11-14,\xff\n", "line 3: This is no UTF-8 text."),
        ('Date,USD\n2024-11-15,"1.05\n', "line 2: The line cannot be read as CSV"),
        (b"PK\x03\x04 and the rest", ": This is a zip archive. Unpack it"),
    ],
)
def test_a_fault_is_told_with_its_place_and_nothing_is_kept(tx, invoke, write, text, said):
    assert said in fault(invoke, tx, write(text))


def test_a_cell_cannot_play_tricks_on_the_terminal(tx, invoke, write):
    said = fault(invoke, tx, write("Date,USD\n2024-11-15,\x1b[2J" + "9" * 200 + "\n"))
    assert "\x1b" not in said
    assert len(said) < 200


def test_many_faults_end_the_reading(invoke, write):
    result = invoke(write("Date,USD\n" + "x,1\n" * 100))
    assert len(result.stdout.splitlines()) == 22
    assert "There may be more faults." in result.stdout


def test_a_byte_order_mark_and_empty_lines_do_no_harm(counts, write):
    assert counts(write("\ufeff" + HISTORY.replace("\n", "\r\n") + "\r\n,,,,,,\r\n"))[1] == 11


def test_a_file_that_is_too_large_is_not_read(tx, invoke, write, monkeypatch):
    monkeypatch.setattr(reader, "LARGEST_FILE", 10)
    assert ": The file is larger than" in fault(invoke, tx, write(HISTORY))


def test_a_folder_is_no_file(invoke, tmp_path):
    assert "This is no ordinary file." in invoke(tmp_path).stdout


def test_a_file_that_changes_while_it_is_read_is_not_kept(tx, database, write, now, monkeypatch):
    path = write("Date,USD\n" + "\n".join(f"{date(2024, 1, 1) + timedelta(n)},1.1" for n in range(250)))
    first = reader.read_rates
    turns = iter([path.read_text(encoding="utf-8"), path.read_text(encoding="utf-8") + "\n2025-01-01,what\n"])

    def changing(*arguments):
        path.write_text(next(turns), encoding="utf-8")
        return first(*arguments)

    monkeypatch.setattr("app.reference.rates.service.read_rates", changing)
    report = import_files(database, Actor(is_system=True), [path], "European Central Bank", now)
    assert not report.succeeded
    assert kept(tx) == 0


@pytest.mark.parametrize("source", ["", " ", "a;b", "x" * 81, "a\x1bb"])
def test_a_source_needs_a_name_that_can_be_shown(invoke, write, source):
    result = invoke(write(HISTORY), "--source", source)
    assert result.exit_code == 1
    assert "The source has to be named" in result.output


def test_nobody_but_the_operator_imports(world, database, write, now):
    with pytest.raises(Refused):
        import_files(database, world.somebody("secretariat"), [write(HISTORY)], "European Central Bank", now)


def test_it_reads_what_every_day_since_1999_would_be(tx, counts, write):
    codes = (
        "USD JPY BGN CYP CZK DKK EEK GBP HUF LTL LVL MTL PLN ROL RON SEK SIT SKK CHF ISK NOK HRK RUB TRL TRY AUD BRL"
    )
    head = f"Date,{codes.replace(' ', ',')},"
    cells = ",".join("N/A" if code in {"CYP", "EEK", "SIT"} else "1.9558" for code in codes.split())
    days = [date(2026, 11, 20) - timedelta(days=n) for n in range(300)]
    assert counts(write("\n".join([head, *(f"{day},{cells}," for day in days)])))[:3] == (300, 300 * 24, 0)


@pytest.mark.skipif(not HOSTILE.is_dir(), reason=f"by design: the hostile files are not at {HOSTILE}")
def test_hostile_files_end_in_a_refusal(tx, invoke):
    paths = sorted(path for folder in ("csv", "strings", "xml", "zip") for path in (HOSTILE / folder).rglob("*.*"))
    result = invoke(*(path for path in paths if path.is_file()), "--json")
    assert result.exit_code == 1
    files = json.loads(result.stdout)["files"]
    assert len(files) > 50
    assert [file["name"] for file in files if file["succeeded"]] == []
    assert all(fault["text"] for file in files for fault in file["faults"])
    assert kept(tx) == 0


def test_a_zip_archive_of_the_bank_is_named_as_such(tx, invoke, tmp_path):
    path = tmp_path / "eurofxref.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("eurofxref.csv", ONE_DAY)
    assert "Unpack it and import the .csv file in it." in fault(invoke, tx, path)
