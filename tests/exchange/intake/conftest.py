"""Files, whoever imports them, and the work in the background done at once."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from sqlalchemy import select

from app.exchange.intake.models import FileImport
from app.jobs.models import Job
from app.jobs.runner import work_through


def activity(identifier, title="Prison reform", ref="XX-1", name="Northland Aid", **more):
    return f"""<iati-activity xml:lang="en">
      <iati-identifier>{identifier}</iati-identifier>
      <reporting-org ref="{ref}" type="10"><narrative>{name}</narrative></reporting-org>
      <title><narrative>{title}</narrative></title>
      <recipient-country code="{more.get("country", "GH")}"/>{more.get("inside", "")}
    </iati-activity>"""


def file_of(*activities):
    text = f'<?xml version="1.0"?>\n<iati-activities version="2.03">\n{chr(10).join(activities)}\n</iati-activities>'
    return text.encode()


@pytest.fixture
def site(app):
    return app.extensions["counterpart"]


@pytest.fixture
def donor(world):
    return world.organisation("donor", country="NO", name="Northland Aid", iati_identifier="XX-1")


@pytest.fixture
def editor(world, donor):
    return world.account(donor)


@pytest.fixture
def work(tx, site):
    """`work()`: everything that waits in the background is done; the last piece of it comes back."""

    def through():
        tx.flush()
        last = None
        while job := tx.scalar(select(Job).where(Job.state == "waiting").order_by(Job.id)):
            assert work_through(site, job.ref)
            tx.expire_all()
            last = job
        return last

    return through


@pytest.fixture
def upload(tx, work):
    """`upload(client, ("a.xml", b"..."), ...)`: the files are sent by page and read; the import comes back."""

    def send(client, *files, owner=None, read=True):
        fields = client.form("/imports/new")
        data = {"form_key": fields["form_key"], "owner": owner or fields["owner"]}
        data["files"] = [(io.BytesIO(content), name) for name, content in files]
        answer = client.post("/imports/new", data=data, content_type="multipart/form-data")
        if answer.status_code != 303:
            return answer
        if read:
            work()
        return tx.scalars(select(FileImport).order_by(FileImport.id.desc())).first()

    return send


@pytest.fixture
def incoming(settings) -> Path:
    return settings.data_dir / "incoming"
