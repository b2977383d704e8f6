"""Importing activity files: what is kept, what is refused, and that every activity is accounted for."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.exchange.commands import import_iati
from app.exchange.iati.importer import count_all, import_files
from app.exchange.iati.owners import ImportRefused, country_of
from app.exchange.iati.report import summary
from app.foundation.audit import AuditEvent
from app.organisations.models import Organisation
from app.programmes.models import Programme

REAL = Path(os.environ.get("COUNTERPART_SHARED") or Path(__file__).parents[4] / "shared" / "data") / "iati"


def activity(
    identifier: str, title: str = "Prison reform", ref: str = "XX-1", name: str = "Northland Aid", **more
) -> str:
    kind = more.get("type", "10")
    return f"""<iati-activity xml:lang="en">
      <iati-identifier>{identifier}</iati-identifier>
      <reporting-org ref="{ref}" type="{kind}"><narrative>{name}</narrative></reporting-org>
      <title><narrative>{title}</narrative></title>
      <recipient-country code="GH"/>{more.get("inside", "")}
    </iati-activity>"""


def file_of(*activities: str) -> str:
    return f'<?xml version="1.0"?>\n<iati-activities version="2.03">\n{chr(10).join(activities)}\n</iati-activities>'


@pytest.fixture
def write(tmp_path: Path):
    def write(name: str, *activities: str, text: str | None = None) -> Path:
        path = tmp_path / name
        path.write_text(file_of(*activities) if text is None else text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def donor(world) -> Organisation:
    return world.organisation("donor", country="NO", name="Northland Aid", iati_identifier="XX-1")


@pytest.fixture
def office(world) -> Organisation:
    return world.organisation("secretariat")


@pytest.fixture
def run(tx, database, now):
    def run(organisation: Organisation, *paths: Path):
        tx.flush()
        report = import_files(database, organisation.ref, paths, now)
        tx.expire_all()
        return report

    return run


def counts(report) -> tuple[int, int, int, int, int]:
    """All but those that are held back, which the tests of the guard speak of."""
    return tuple(number for name, number in asdict(report.counts).items() if name != "held")


def codes(report) -> list[str]:
    return [problem.code for file in report.files for problem in file.problems]


def test_a_donor_imports_its_own_programmes(tx, run, donor, write) -> None:
    report = run(donor, write("a.xml", activity("XX-1-1"), activity("XX-1-2", "Container profiling")))
    assert report.succeeded
    assert counts(report) == (2, 2, 0, 0, 0)
    assert codes(report) == []
    kept = tx.scalar(select(Programme).where(Programme.iati_identifier == "XX-1-2"))
    assert (kept.organisation_id, kept.source, kept.source_name) == (donor.id, "iati", "a.xml")
    assert (kept.codes("country"), kept.codes("theme"), kept.accepting) == (["GH"], ["port_control"], "unknown")


def test_the_second_run_changes_nothing_and_says_so(tx, run, donor, write) -> None:
    path = write("a.xml", activity("XX-1-1"), activity("XX-1-2"))
    run(donor, path)
    events = tx.scalar(select(func.count(AuditEvent.id)))
    report = run(donor, path)
    assert counts(report) == (2, 0, 0, 2, 0)
    assert "Nothing has changed." in summary(report)
    assert tx.scalar(select(func.count(AuditEvent.id))) == events


def test_what_has_changed_is_changed(tx, run, donor, write) -> None:
    run(donor, write("a.xml", activity("XX-1-1"), activity("XX-1-2")))
    report = run(donor, write("b.xml", activity("XX-1-1", "Container profiling"), activity("XX-1-2")))
    assert counts(report) == (2, 0, 1, 1, 0)
    assert tx.scalar(select(Programme.title).where(Programme.iati_identifier == "XX-1-1")) == "Container profiling"


def test_one_identifier_twice_in_one_run_keeps_the_first(tx, run, donor, write) -> None:
    first = write("a.xml", activity("XX-1-1"), activity("XX-1-1", "Container profiling"))
    report = run(donor, first, write("b.xml", activity("XX-1-1", "Customs"), activity("XX-1-1")))
    assert counts(report) == (4, 1, 0, 1, 2)
    assert codes(report) == ["duplicate", "duplicate"]
    told = report.files[1].problems[0]
    assert (told.line, told.identifier) == (3, "XX-1-1")
    assert "a.xml, line 3" in told.sentence
    assert "b.xml, line 3" in told.sentence
    assert tx.scalar(select(Programme.title)) == "Prison reform"
    assert report.succeeded


def test_anothers_record_is_refused_but_for_the_secretariat(tx, world, run, donor, office, write) -> None:
    other = world.organisation("donor", country="SE", name="Southland Aid", iati_identifier="XX-2")
    run(donor, write("a.xml", activity("XX-1-1")))
    changed = write("b.xml", activity("XX-1-1", "Taken over"))
    report = run(other, changed)
    assert counts(report) == (1, 0, 0, 0, 1)
    assert codes(report) == ["other_reporter", "other_owner"]
    assert not report.succeeded
    assert counts(run(office, changed)) == (1, 0, 1, 0, 0)
    kept = tx.scalar(select(Programme))
    assert (kept.title, kept.organisation_id) == ("Taken over", donor.id)


def test_a_file_of_another_reporter_is_imported_with_one_warning(tx, run, donor, write) -> None:
    strangers = [activity(f"YY-{n}", ref="YY", name="Westland Aid") for n in range(3)]
    report = run(donor, write("a.xml", *strangers))
    assert counts(report) == (3, 3, 0, 0, 0)
    (warning,) = report.files[0].problems
    assert (warning.code, warning.element, warning.severity.value) == ("other_reporter", "reporting-org", "warning")
    assert "YY" in warning.sentence
    assert set(tx.scalars(select(Programme.organisation_id))) == {donor.id}


def test_for_the_secretariat_each_reporter_owns_its_programmes(tx, run, donor, office, write) -> None:
    report = run(
        office,
        write(
            "a.xml",
            activity("XX-1-1"),
            activity("GB-9-1", ref="GB-9", name="Isles Fund"),
            activity("GB-9-2", ref="GB-9", name="The Isles' Fund"),
            activity("N-1", ref="", name="isles fund"),
            activity("K-1", ref="GB-CHC-5", name="Relief", type="21"),
        ),
    )
    assert counts(report) == (5, 5, 0, 0, 0)
    owners = dict(tx.execute(select(Programme.iati_identifier, Programme.organisation_id)).all())
    assert owners["XX-1-1"] == donor.id
    assert owners["GB-9-1"] == owners["GB-9-2"] == owners["N-1"]
    isles = tx.get(Organisation, owners["GB-9-1"])
    assert (isles.name, isles.kind, isles.status, isles.country) == ("Isles Fund", "donor", "recorded", "GB")
    assert (isles.iati_identifier, isles.iati_type) == ("GB-9", "10")
    assert tx.get(Organisation, owners["K-1"]).kind == "ngo"


def test_a_programme_whose_reporter_is_not_named_is_the_secretariats(tx, run, office, write) -> None:
    text = "<iati-activity><iati-identifier>A</iati-identifier><title>Prisons</title></iati-activity>"
    report = run(office, write("a.xml", text))
    assert counts(report) == (1, 1, 0, 0, 0)
    assert codes(report) == ["no_reporting_org"]
    assert tx.scalar(select(Programme.organisation_id)) == office.id


def test_a_file_that_cannot_be_read_does_not_stop_the_others(run, donor, write, tmp_path) -> None:
    paths = [
        write("not.xml", text="this is no XML"),
        write("html.xml", text="<html/>"),
        tmp_path / "missing.xml",
        tmp_path,
        write("good.xml", activity("XX-1-1")),
    ]
    report = run(donor, *paths)
    assert [file.succeeded for file in report.files] == [False, False, False, False, True]
    assert counts(report) == (1, 1, 0, 0, 0)
    assert [file.problems[0].code for file in report.files[:4]] == ["not_xml", "not_iati", "unreadable", "unreadable"]
    assert not report.succeeded


def test_what_stands_before_a_break_is_kept_and_the_rest_is_told(tx, run, donor, write) -> None:
    whole = file_of(*[activity(f"XX-1-{n}") for n in range(4)])
    path = write("a.xml", text=whole.replace("<iati-identifier>XX-1-2<", "<iati-identifier>XX-1-2<<", 1))
    report = run(donor, path)
    assert not report.succeeded
    assert counts(report) == (3, 2, 0, 0, 1)
    assert codes(report) == ["not_xml", "unread"]
    assert "About 1 activities" in summary(report)
    assert set(tx.scalars(select(Programme.iati_identifier))) == {"XX-1-0", "XX-1-1"}


def test_an_activity_without_identifier_is_refused_alone(run, donor, write) -> None:
    report = run(donor, write("a.xml", activity(" "), activity("XX-1-1")))
    assert report.succeeded
    assert counts(report) == (2, 1, 0, 0, 1)
    assert codes(report) == ["no_identifier"]


def test_what_the_database_will_not_take_is_refused_alone(tx, run, office, write, monkeypatch) -> None:
    from app.exchange.iati import importer

    def picky(tx, actor, arrivals, now):
        if any(one.imported.iati_identifier == "B" for one in arrivals):
            raise ValueError("no room")
        return save(tx, actor, arrivals, now)

    save = importer.save_all
    monkeypatch.setattr(importer, "save_all", picky)
    report = run(office, write("a.xml", *[activity(letter, ref="ZZ", name="Zed") for letter in "ABC"]))
    assert counts(report) == (3, 2, 0, 0, 1)
    assert codes(report) == ["not_saved"]
    assert set(tx.scalars(select(Programme.iati_identifier))) == {"A", "C"}
    assert tx.scalar(select(func.count(Organisation.id)).where(Organisation.iati_identifier == "ZZ")) == 1


def test_a_wrong_language_is_told(tx, run, donor, write) -> None:
    title = "Renforcement des capacités de la police judiciaire et des laboratoires de police scientifique"
    report = run(donor, write("a.xml", activity("XX-1-1", title)))
    assert codes(report) == ["other_language"]
    assert tx.scalar(select(Programme.language)) == "fr"


@pytest.mark.parametrize(("kind", "status"), [("state", "verified"), ("centre", "verified"), ("donor", "applied")])
def test_who_may_not_publish_imports_nothing(world, run, write, kind: str, status: str) -> None:
    organisation = world.organisation(kind, status)
    with pytest.raises(ImportRefused, match="may not publish"):
        run(organisation, write("a.xml", activity("XX-1-1")))


def test_batches_do_not_lose_any(tx, run, donor, write) -> None:
    report = run(donor, write("a.xml", *[activity(f"XX-1-{n}") for n in range(120)]))
    assert counts(report) == (120, 120, 0, 0, 0)
    assert tx.scalar(select(func.count(Programme.id))) == 120


@pytest.mark.parametrize(
    ("identifier", "country"),
    [("GB-1", "GB"), ("NL-KvK-27108436", "NL"), ("EC-ELARG", None), ("XM-DAC-7", None), ("44000", None), ("", None)],
)
def test_the_country_is_told_from_the_identifier(identifier: str, country: str | None) -> None:
    assert country_of(identifier) == country


# --- the command ---


def invoke(app, tx, *arguments: object):
    tx.flush()
    result = app.test_cli_runner().invoke(import_iati, [str(argument) for argument in arguments])
    tx.expire_all()
    return result


def test_the_command_reports_and_ends_well(app, tx, donor, write, tmp_path) -> None:
    report = tmp_path / "report.json"
    path = write("a.xml", activity("XX-1-1"), activity(" "))
    result = invoke(app, tx, path, "--organisation", donor.ref.lower(), "--report", report)
    assert result.exit_code == 0, result.output
    assert "1 file, 2 activities: 1 new, 0 changed, 0 unchanged, 1 refused." in result.output
    body = json.loads(report.read_text(encoding="utf-8"))
    assert body["counts"] == {"activities": 2, "new": 1, "held": 0, "changed": 0, "unchanged": 0, "refused": 1}
    (file,) = body["files"]
    assert file["name"] == "a.xml"
    (problem,) = file["problems"]
    assert set(problem) == {"line", "element", "code", "text", "identifier", "severity"}
    assert problem["text"] == "The activity has no identifier."


def test_the_command_fails_when_a_file_does(app, tx, donor, write, tmp_path) -> None:
    good = write("good.xml", activity("XX-1-1"))
    result = invoke(app, tx, good, tmp_path / "missing.xml", "--organisation", donor.ref, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["counts"]["new"] == 1


def test_the_command_names_an_unknown_organisation(app, tx, write) -> None:
    result = invoke(app, tx, write("a.xml", activity("XX-1-1")), "--organisation", "O-2222-2222")
    assert result.exit_code == 1
    assert "O-2222-2222" in result.output
    assert "Traceback" not in result.output


# --- the real files ---


@pytest.mark.skipif(not REAL.is_dir(), reason=f"by design: the real activity files are not at {REAL}")
def test_every_activity_of_the_real_files_is_accounted_for(tx, run, office) -> None:
    paths = sorted(REAL.glob("*.xml"))
    first = run(office, *paths)
    assert first.succeeded
    total, new, changed, unchanged, refused = counts(first)
    assert total == count_all(paths)
    assert (new, changed, unchanged, refused) == (total, 0, 0, 0)
    assert tx.scalar(select(func.count(Programme.id))) == total
    identifiers = list(
        tx.scalars(select(Organisation.iati_identifier).where(Organisation.iati_identifier.is_not(None)))
    )
    assert len(identifiers) == len(set(identifiers))
    assert counts(run(office, *paths)) == (total, 0, 0, total, 0)
