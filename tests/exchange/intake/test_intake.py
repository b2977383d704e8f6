"""From files sent by page to programmes, and back: what is shown first, what is saved, and that all of it is undone."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.exchange.intake import rules
from app.exchange.intake.models import ImportParty, ImportProblem, ImportRow
from app.foundation.audit import AuditEvent
from app.organisations.models import Organisation
from app.programmes.models import Programme
from app.programmes.restoring import whole_of
from tests.exchange.intake.conftest import activity, file_of

BUDGET = """<budget type="1"><period-start iso-date="2026-01-01"/><period-end iso-date="2026-12-31"/>
  <value currency="EUR" value-date="2026-01-01">5000</value></budget>"""
MORE = """<budget type="1"><period-start iso-date="2026-01-01"/><period-end iso-date="2026-12-31"/>
  <value currency="EUR" value-date="2026-01-01">7500.50</value></budget><sector code="15130" percentage="60"/>"""


@pytest.fixture
def signed(client, sign_in, editor):
    sign_in(client, editor)
    return client


def programmes(tx):
    tx.expire_all()
    return {one.iati_identifier: one for one in tx.scalars(select(Programme).order_by(Programme.id))}


def outcomes(tx, made):
    rows = tx.scalars(select(ImportRow).where(ImportRow.import_id == made.id).order_by(ImportRow.id))
    return [(row.identifier, row.outcome) for row in rows]


def text_of(client, path):
    return client.get(path).get_data(as_text=True)


def import_whole(client, upload, work, *files):
    made = upload(client, *files)
    assert client.post(f"/imports/{made.ref}/save").status_code == 303
    work()
    return made


def test_files_are_compared_before_anything_is_saved(tx, signed, upload, work):
    import_whole(signed, upload, work, ("a.xml", file_of(activity("XX-1-1", inside=BUDGET), activity("XX-1-2"))))
    made = upload(
        signed,
        ("b.xml", file_of(activity("XX-1-1", "Port control", inside=MORE), activity("XX-1-2"), activity("XX-1-3"),
                          activity("YY-9-1", ref="YY-9", name="Elsewhere"))),
    )  # fmt: skip
    assert outcomes(tx, made) == [
        ("XX-1-2", "unchanged"), ("XX-1-1", "changed"), ("XX-1-3", "new"), ("YY-9-1", "refused"),
    ]  # fmt: skip
    assert programmes(tx)["XX-1-1"].title == "Prison reform"
    page = text_of(signed, f"/imports/{made.ref}")
    assert "4 activities: 1 new, 1 changed, 1 unchanged, 1 refused" in page
    assert "Import these" in page
    only = text_of(signed, f"/imports/{made.ref}?outcome=refused")
    assert "YY-9-1" in only
    assert "XX-1-3" not in only


def test_a_change_is_shown_field_by_field(tx, signed, upload, work):
    import_whole(signed, upload, work, ("a.xml", file_of(activity("XX-1-1", inside=BUDGET))))
    made = upload(signed, ("b.xml", file_of(activity("XX-1-1", "Port control", inside=MORE))))
    row = tx.scalars(select(ImportRow).where(ImportRow.import_id == made.id)).one()
    assert set(row.changes) == {"title", "tags", "budgets", "texts", "purpose_code"}
    page = text_of(signed, f"/imports/{made.ref}/activities/{row.id}")
    for words in ("Prison reform", "Port control", "5,000 EUR", "7,500.50 EUR", "1:15130 (60 %)"):
        assert words in page
    assert "Ghana" not in page


def test_a_problem_is_shown_with_its_line_and_element(tx, signed, upload):
    wrong = '<activity-date type="1" iso-date="31/12/2026"/>'
    made = upload(signed, ("a.xml", file_of(activity("XX-1-1", inside=wrong))))
    row = tx.scalars(select(ImportRow).where(ImportRow.import_id == made.id)).one()
    page = text_of(signed, f"/imports/{made.ref}/activities/{row.id}")
    assert "is not a date written year-month-day" in page
    assert "line 7" in page
    assert "&lt;activity-date&gt;" in page
    table = signed.get(f"/imports/{made.ref}/problems.csv").get_data(as_text=True)
    assert "a.xml,7,activity-date,XX-1-1,Left out" in table


def test_what_another_organisation_reports_is_refused_in_words(tx, signed, upload):
    made = upload(signed, ("a.xml", file_of(activity("YY-9-1", ref="YY-9", name="Elsewhere"))))
    assert made.state == rules.REFUSED
    page = text_of(signed, f"/imports/{made.ref}")
    assert "There is nothing in these files that is new here" in page
    problem = tx.scalars(select(ImportProblem)).one()
    assert (problem.code, problem.severity) == ("not_own", "refused")
    assert signed.post(f"/imports/{made.ref}/save").status_code == 303
    assert programmes(tx) == {}


def test_the_same_identifier_in_two_files_is_told(tx, signed, upload):
    made = upload(
        signed, ("a.xml", file_of(activity("XX-1-1"))), ("b.xml", file_of(activity("XX-1-1", "Something else")))
    )
    assert outcomes(tx, made) == [("XX-1-1", "new"), ("XX-1-1", "refused")]
    assert tx.scalars(select(ImportProblem.code)).all() == ["duplicate"]


def test_an_import_is_saved_with_one_event_of_its_own_and_one_for_each_record(
    tx, signed, upload, work, editor, incoming
):
    made = import_whole(signed, upload, work, ("a.xml", file_of(activity("XX-1-1"), activity("XX-1-2"))))
    assert made.state == rules.SAVED
    events = tx.execute(
        select(AuditEvent.action, AuditEvent.account_id).where(
            AuditEvent.action.in_(("import.saved", "programme.imported"))
        )
    ).all()
    assert sorted(events) == sorted([("import.saved", editor.id), *[("programme.imported", editor.id)] * 2])
    page = text_of(signed, f"/imports/{made.ref}")
    assert "Undo this import" in page


def test_a_whole_import_is_undone(tx, signed, upload, work, clock):
    first = (activity("XX-1-1", inside=BUDGET), activity("XX-1-2"))
    import_whole(signed, upload, work, ("a.xml", file_of(*first)))
    before = {name: whole_of(one) for name, one in programmes(tx).items()}
    made = import_whole(
        signed, upload, work,
        ("b.xml", file_of(activity("XX-1-1", "Port control", inside=MORE), activity("XX-1-2", "Customs"),
                          activity("XX-1-3"))),
    )  # fmt: skip
    kept = programmes(tx)
    assert kept["XX-1-1"].title == "Port control"
    # Somebody amends one of them after the import.
    kept["XX-1-2"].contact, kept["XX-1-2"].changed_at = "the office", clock.move(hours=1)
    tx.flush()
    assert signed.post(f"/imports/{made.ref}/undo").status_code == 303
    job = work()
    assert str(job.words) == (
        "1 programmes are not shown any more, 1 are as they were before, 1 were left as they are, since somebody has "
        "changed them."
    )
    kept = programmes(tx)
    assert whole_of(kept["XX-1-1"]) == before["XX-1-1"]
    assert kept["XX-1-2"].title == "Customs"
    assert not kept["XX-1-3"].is_published
    assert made.state == rules.UNDONE
    page = text_of(signed, f"/imports/{made.ref}")
    assert "Left as they are" in page
    assert "Customs" in page
    # Nothing is undone twice, and what was hidden comes back with the file.
    assert signed.post(f"/imports/{made.ref}/undo").status_code == 303
    again = import_whole(signed, upload, work, ("b.xml", file_of(activity("XX-1-3"))))
    assert outcomes(tx, again) == [("XX-1-3", "new")]
    assert programmes(tx)["XX-1-3"].is_published


def test_nobody_imports_whose_right_has_ended_meanwhile(tx, signed, upload, editor, work):
    made = upload(signed, ("a.xml", file_of(activity("XX-1-1"))))
    signed.post(f"/imports/{made.ref}/save")
    editor.memberships[0].role = "member"
    tx.flush()
    job = work()
    assert (job.state, str(job.words)) == ("failed", "You may no longer import for this organisation.")
    assert programmes(tx) == {}


def test_what_is_not_ones_own_does_not_exist(tx, world, signed, upload, new_client, sign_in):
    made = upload(signed, ("a.xml", file_of(activity("XX-1-1"))))
    other = new_client()
    sign_in(other, world.account(world.organisation("donor")))
    row = tx.scalar(select(ImportRow.id))
    for path in ("", f"/activities/{row}", "/organisations", "/problems.csv"):
        assert other.get(f"/imports/{made.ref}{path}").status_code == 404
    for path in ("save", "undo"):
        assert other.post(f"/imports/{made.ref}/{path}").status_code == 404
    assert "a.xml" not in text_of(other, "/imports")
    assert "No import yet" in text_of(other, "/imports")


@pytest.mark.parametrize(("kind", "role"), [("state", "editor"), ("donor", "member"), ("centre", "editor")])
def test_who_may_not_publish_programmes_imports_none(world, client, sign_in, kind, role):
    sign_in(client, world.account(world.organisation(kind), role))
    assert client.get("/imports/new").status_code == 403


def test_files_that_cannot_be_taken_are_refused_at_the_field(signed, upload, incoming):
    answer = upload(signed, ("a.xml", b""))
    assert answer.status_code == 422
    assert "“a.xml” is empty." in answer.get_data(as_text=True)
    assert "Choose one file at least." in upload(signed).get_data(as_text=True)
    assert not list(incoming.glob("*"))


def test_the_form_sent_twice_imports_once(tx, signed, upload):
    import io

    fields = signed.form("/imports/new")
    for _ in range(2):
        data = {"form_key": fields["form_key"], "owner": fields["owner"]}
        data["files"] = [(io.BytesIO(file_of(activity("XX-1-1"))), "a.xml")]
        assert signed.post("/imports/new", data=data, content_type="multipart/form-data").status_code == 303
    from app.exchange.intake.models import FileImport

    assert tx.scalar(select(func.count(FileImport.id))) == 1


def test_the_secretariat_imports_for_reporters_and_confirms_names(tx, world, client, sign_in, upload, work):
    sign_in(client, world.account(world.organisation("secretariat")))
    known = world.organisation("donor", name="Known by Number", iati_identifier="KK-1")
    alike = world.organisation("donor", name="Agence de l’Est", iati_identifier=None)
    files = file_of(
        activity("KK-1-1", ref="KK-1", name="Whatever"),
        activity("EE-1-1", "Customs", ref="EE-1", name="Agence de l’Est"),
        activity("NN-1-1", "Ports", ref="NN-1", name="Never heard of"),
    )
    made = upload(client, ("all.xml", files), owner="by-reporter")
    party = tx.scalars(select(ImportParty).where(ImportParty.by_name)).one()
    assert party.organisation_id == alike.id
    assert "Say who they are" in text_of(client, f"/imports/{made.ref}")
    assert client.post(f"/imports/{made.ref}/save").headers["Location"].endswith("/organisations")
    assert "Yes, it is the same organisation" in text_of(client, f"/imports/{made.ref}/organisations")
    silent = client.post(f"/imports/{made.ref}/organisations", data={})
    assert (silent.status_code, "Say it of each of them." in silent.text) == (422, True)
    client.post(f"/imports/{made.ref}/organisations", data={f"party-{party.id}": "same"})
    client.post(f"/imports/{made.ref}/save")
    work()
    kept = programmes(tx)
    assert kept["KK-1-1"].organisation_id == known.id
    assert kept["EE-1-1"].organisation_id == alike.id
    assert alike.iati_identifier == "EE-1"
    assert tx.scalar(select(Organisation.status).where(Organisation.iati_identifier == "NN-1")) == "recorded"


def test_another_organisation_of_the_same_name_becomes_a_new_one(tx, world, client, sign_in, upload, work):
    sign_in(client, world.account(world.organisation("secretariat")))
    alike = world.organisation("donor", name="Agence de l’Est")
    made = upload(
        client, ("e.xml", file_of(activity("EE-1-1", ref="EE-1", name="Agence de l’Est"))), owner="by-reporter"
    )
    party = tx.scalars(select(ImportParty)).one()
    client.post(f"/imports/{made.ref}/organisations", data={f"party-{party.id}": "other"})
    client.post(f"/imports/{made.ref}/save")
    work()
    owner = programmes(tx)["EE-1-1"].organisation
    assert owner.id != alike.id
    assert (owner.name, owner.iati_identifier, owner.status) == ("Agence de l’Est", "EE-1", "recorded")


def test_files_go_when_nobody_waits_for_them(signed, upload, work, incoming, site, clock, sign_in, editor, new_client):
    import os

    from app.exchange.intake.handlers import forget_files

    made = upload(signed, ("a.xml", file_of(activity("XX-1-1"))))
    (path,) = incoming.glob("*")
    os.utime(path, (0, 0))
    forget_files(site)
    assert path.exists()
    clock.move(days=8)
    forget_files(site)
    assert not path.exists()
    later = new_client()
    sign_in(later, editor)
    later.post(f"/imports/{made.ref}/save")
    assert str(work().words) == "The files are no longer kept here: upload them again."


def test_what_broke_off_goes_on_and_nothing_is_done_twice(tx, signed, upload, work, site, monkeypatch):
    from app.exchange.iati import importer
    from app.exchange.intake import saving

    monkeypatch.setattr(importer, "BATCH", 2)
    made = upload(signed, ("a.xml", file_of(*[activity(f"XX-1-{number}") for number in range(3)])))
    save_all = saving.Saving.save_all

    def breaking(self, tx, waiting, owners):
        if len(waiting) < 2:
            raise RuntimeError("the machine went off")
        return save_all(self, tx, waiting, owners)

    monkeypatch.setattr(saving.Saving, "save_all", breaking)
    assert signed.post(f"/imports/{made.ref}/go-on").headers["Location"].endswith(made.ref), "nothing has broken off"
    signed.post(f"/imports/{made.ref}/save")
    assert work().state == "failed"
    assert (made.state, len(programmes(tx))) == (rules.SAVING, 2)
    page = text_of(signed, f"/imports/{made.ref}")
    assert "It broke off" in page
    assert "Undo what was imported" in page
    monkeypatch.undo()
    assert signed.post(f"/imports/{made.ref}/go-on").status_code == 303
    assert signed.post(f"/imports/{made.ref}/undo").headers["Location"].endswith(made.ref), "it is at work again"
    assert str(work().words) == "3 programmes are new, 0 were changed."
    assert (made.state, len(programmes(tx))) == (rules.SAVED, 3)
    once = select(func.count(AuditEvent.id)).where(AuditEvent.action == "programme.imported")
    assert tx.scalar(once) == 3
    assert {one.version for one in programmes(tx).values()} == {1}


def test_half_an_import_is_undone_and_the_undoing_goes_on(tx, signed, upload, work, monkeypatch):
    from app.exchange.iati import importer
    from app.exchange.intake import handlers, saving

    monkeypatch.setattr(importer, "BATCH", 2)
    monkeypatch.setattr(saving, "UNDO_BATCH", 1)
    made = upload(signed, ("a.xml", file_of(*[activity(f"XX-1-{number}") for number in range(3)])))
    save_all, undo_rows = saving.Saving.save_all, handlers.undo_rows
    monkeypatch.setattr(saving.Saving, "save_all", lambda self, tx, waiting, owners: (
        save_all(self, tx, waiting, owners) if len(waiting) == 2 else 1 / 0))  # fmt: skip
    signed.post(f"/imports/{made.ref}/save")
    work()
    done = []
    monkeypatch.setattr(handlers, "undo_rows", lambda *args: 1 / 0 if done else done.append(1) or undo_rows(*args))
    signed.post(f"/imports/{made.ref}/undo")
    assert work().state == "failed"
    assert made.state == rules.UNDOING
    assert sum(one.is_withdrawn for one in programmes(tx).values()) == 1
    monkeypatch.undo()
    signed.post(f"/imports/{made.ref}/go-on")
    work()
    assert made.state == rules.UNDONE
    kept = programmes(tx)
    assert len(kept) == 2
    assert all(one.is_withdrawn for one in kept.values())
    page = text_of(signed, f"/programmes/{kept['XX-1-1'].ref}")
    assert "The import that brought this programme was undone" in page
