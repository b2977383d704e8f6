"""Nothing typed makes the site open an address, name another host, or read an XML file that reads other things."""

from __future__ import annotations

import email
import email.policy
import re
import resource
import socket
import sys
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from sqlalchemy import select
from werkzeug.test import Client

from app.exchange.iati.importer import import_files
from app.exchange.iati.reader import read_activities
from app.programmes.models import Programme
from tests.architecture.reading import modules
from tests.effort import effort
from tests.security.filled import last_part
from tests.security.ground import rules_of, work
from tests.security.test_forms_attacked import in_order

pytestmark = pytest.mark.one_engine

OPENED: list[str] = []
# What Python tells of before it is done; what is opened from C is heard by the listener.
TOLD = frozenset({"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "subprocess.Popen"})
sys.addaudithook(lambda event, args: OPENED.append(f"{event} {args}") if event in TOLD else None)


class Listener:
    """A server on this machine that notes who comes."""

    def __init__(self) -> None:
        self.visits = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                line, _address = self.socket.accept()
            except OSError:
                return
            with line:
                self.visits += 1
                line.recv(1000)
                line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


@pytest.fixture
def listener() -> Iterator[Listener]:
    """It has heard a first visitor, so that its silence afterwards says something."""
    one = Listener()
    with urlopen(one.address) as answer:  # noqa: S310 - our own listener
        assert answer.status == 200
    assert one.visits == 1
    assert OPENED
    OPENED.clear()
    one.visits = 0
    yield one
    one.socket.close()


def activity(address: str) -> str:
    """An activity that names the address wherever one may stand."""
    return f"""<iati-activity xml:lang="en" xmlns:xi="http://www.w3.org/2001/XInclude"
      xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="{address} {address}/schema">
      <iati-identifier>XX-1-7</iati-identifier>
      <reporting-org ref="XX-1" type="10"><narrative>A</narrative></reporting-org>
      <title><narrative>{address}</narrative></title><description><narrative>See {address} and {address}/a.</narrative>
      </description><recipient-country code="GH"/><activity-website>{address}</activity-website>
      <document-link url="{address}/plan.pdf" format="application/pdf"><title><narrative>Plan</narrative></title>
      </document-link><xi:include href="{address}/include" parse="text"/></iati-activity>"""


def test_the_site_opens_no_address_that_somebody_typed(app, ground, forms, database, listener, tmp_path):
    address, taken = listener.address + "/probe.png", 0
    for browser, action, form in in_order(forms):
        for data in (form.with_texts(address), form.with_words(address, address)):
            links = [one.name for one in form.fields if last_part(one.name) in {"website", "url"} or one.kind == "url"]
            data.update(dict.fromkeys(links, address))
            answer = browser.post(action, data=data, check=False)
            assert answer.status_code < 500, action
            taken += answer.status_code == 303 and address in data.values()
    assert taken > 20
    file = tmp_path / "activities.xml"
    style = f'<?xml-stylesheet href="{address}" type="text/xsl"?>'
    file.write_text(
        f'<?xml version="1.0"?>{style}<iati-activities version="2.03">{activity(address)}</iati-activities>'
    )
    report = import_files(database, ground.organisations["donor"].ref, [file], ground.now)
    assert report.succeeded
    ground.tx.expire_all()
    kept = ground.tx.scalars(select(Programme).where(Programme.iati_identifier == "XX-1-7")).one()
    assert kept.website == address
    work(app)
    for rule in rules_of(app, "GET"):
        browser_of_office = ground.address(app, rule, ref=kept.ref) if rule.endpoint == "programmes.detail" else None
        if browser_of_office:
            assert address in forms[0][0].get(browser_of_office, check=False).text
    assert (listener.visits, OPENED) == (0, [])


# --- another host ---

EVIL = "evil.example"
FORGED = {
    "Host": EVIL, "X-Forwarded-Host": EVIL, "X-Forwarded-Server": EVIL, "X-Host": EVIL, "X-Original-Host": EVIL,
    "Forwarded": f"for=1.2.3.4;host={EVIL};proto=https", "X-Forwarded-Proto": "https", "X-Forwarded-Port": "444",
    "X-Forwarded-Prefix": f"//{EVIL}", "X-Original-URL": f"//{EVIL}", "X-Rewrite-URL": f"//{EVIL}", "Origin": f"http://{EVIL}",
}  # fmt: skip
LINK = re.compile(r"https?://[^\s/]+")


def names_evil(answer: Any) -> list[str]:
    """Where the answer repeats the forged name."""
    told = [f"{name}: {value}" for name, value in answer.headers if EVIL in value]
    return told + ([f"the page of {answer.request.path}"] if EVIL.encode() in answer.data else [])


@pytest.mark.slow
def test_a_forged_host_reaches_no_page_no_address_and_no_mail(app, settings, ground, browsers, forms):
    for rule in rules_of(app, "GET"):
        if rule.arguments <= {"ref"}:
            assert not names_evil(browsers["nobody"].get(ground.address(app, rule), headers=FORGED, check=False))
    plain, taken = Client(app, use_cookies=False), 0
    sendings = [(browser, action, form.data) for browser, action, form in in_order(forms)]
    for browser, action, data in [
        *sendings,
        (browsers["nobody"], "/sign-in/forgotten", {"email": ground.member.email}),
    ]:
        # No browser sends its cookie to another name; somebody who means harm does.
        data["csrf_token"] = browser.token()
        cookie = "; ".join(f"{kept.key}={kept.value}" for kept in browser._cookies.values())
        ground.tx.flush()
        answer = plain.post(action, data=data, headers={**FORGED, "Cookie": cookie}, environ_base=browser.environ_base)
        ground.tx.expire_all()
        assert answer.status_code < 500, action
        assert not names_evil(answer), action
        taken += answer.status_code == 303
    assert taken > 20
    work(app)
    files = settings.data_dir.rglob("*.eml")
    mails = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]
    links = [link for mail in mails for link in LINK.findall(mail.get_body().get_content())]
    assert len(mails) > 5
    assert any("/sign-in/new-password/" in mail.get_body().get_content() for mail in mails)
    assert set(links) == {settings.public_url}
    assert not [mail for mail in mails if EVIL in mail.as_string()]


# --- XML ---

SECRET = "the-words-of-a-file-beside"
NAME = "<iati-identifier>XX-1</iati-identifier><title><narrative>Courts</narrative></title>"
ROOT = '<iati-activities version="2.03">'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def in_root(inside: str, start: str = "") -> str:
    return f'<?xml version="1.0"?>{start}{ROOT}<iati-activity>{NAME}{inside}</iati-activity></iati-activities>'


HOSTILE: dict[str, str] = {
    "a file as an entity": in_root("<description>&x;</description>", '<!DOCTYPE a [<!ENTITY x SYSTEM "file://{file}">]>'),
    "an address as an entity": in_root("<description>&x;</description>", '<!DOCTYPE a [<!ENTITY x SYSTEM "{url}">]>'),
    "a parameter entity": in_root("", '<!DOCTYPE a [<!ENTITY % x SYSTEM "{url}/dtd"> %x;]>'),
    "an outer description": in_root("", '<!DOCTYPE iati-activities SYSTEM "{url}/dtd">'),
    "a public description": in_root("", '<!DOCTYPE iati-activities PUBLIC "-//A//B//EN" "{url}/dtd">'),
    "ten to the ninth": in_root("<description>&l9;</description>", f'<!DOCTYPE a [<!ENTITY l0 "lol">{LAUGHS}]>'),
    "the square": in_root(
        f"<description>{'&b;' * 50_000}</description>", f'<!DOCTYPE a [<!ENTITY b "{"b" * 50_000}">]>'
    ),
    "itself": in_root("<description>&a;</description>", '<!DOCTYPE a [<!ENTITY a "&b;"><!ENTITY b "&a;">]>'),
    "a default from inside": in_root("", '<!DOCTYPE a [<!ATTLIST title x CDATA "&y;"><!ENTITY y SYSTEM "file://{file}">]>'),
    "a file included": in_root(
        '<description><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{file}" parse="text"/></description>'
    ),
    "an address included": in_root(
        '<description><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{url}"/></description>'
    ),
    "a style": in_root("", '<?xml-stylesheet type="text/xsl" href="{url}/style"?>'),
    "a schema": in_root(
        '<a xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:noNamespaceSchemaLocation="{url}/schema"/>'
    ),
    "very deep": in_root("<a>" * 200_000),
    "deep and closed": in_root("<a>" * 20_000 + "</a>" * 20_000),
    "a huge attribute": in_root(f'<sector code="{"1" * 12_000_000}"/>'),
    "a huge text": in_root(f"<description>{'a' * 12_000_000}</description>"),
    "a huge name": in_root(f"<{'a' * 12_000_000}/>"),
    "many attributes": in_root("<sector " + " ".join(f'a{n}="1"' for n in range(50_000)) + "/>"),
    "the same attribute": in_root('<sector code="1" code="2"/>'),
    "many namespaces": in_root("<sector " + " ".join(f'xmlns:a{n}="urn:{n}"' for n in range(20_000)) + "/>"),
    "many elements": in_root("<a/>" * 150_000),
    "a character that is none": in_root("<description>&#0;&#x1F;</description>"),
    "a comment without end": in_root("<!--" + "-" * 1_000_000),
    "a section without end": in_root("<![CDATA[" + "]" * 1_000_000),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_no_xml_file_reads_another_one_or_eats_the_machine(name, listener, tmp_path: Path):
    (tmp_path / "beside.txt").write_text(SECRET)
    text = HOSTILE[name].replace("{file}", str(tmp_path / "beside.txt")).replace("{url}", listener.address)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    source = BytesIO(text.encode())
    with effort() as spent:
        found = list(read_activities(source, name="hostile.xml"))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory
    assert found
    assert SECRET not in repr(found)
    assert (listener.visits, OPENED) == (0, [])
    assert spent.seconds < 3, f"{spent.seconds:.1f} seconds"
    assert grown < 150_000, f"{grown} kB"


def test_only_the_reader_of_activities_parses_xml():
    """Whatever else would read XML would have to be attacked here too."""
    parsing = {
        "parse",
        "fromstring",
        "iterparse",
        "XML",
        "XMLParser",
        "HTMLParser",
        "parseString",
        "feed",
        "XMLPullParser",
    }
    found = set()
    for module in modules():
        names = {name.split(".")[0] for name, _line in module.imported()}
        if names & {"lxml", "xml", "html5lib", "defusedxml", "bs4"}:
            calls = {getattr(call.func, "attr", getattr(call.func, "id", "")) for call in module.calls()}
            found |= {module.name} if calls & parsing else set()
    # The other is the program of its own that reads attached files: tests/foundation/filing/looking attacks it.
    assert found == {"exchange.iati.reader", "foundation.filing.looking.child"}
