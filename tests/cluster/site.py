"""The site on several hosts: a front, two hosts with pages and a worker each, a primary and its standby."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.config import ROOT
from tests.cluster.network import NETWORK, Host, hosts, wait_for_port
from tests.faults.postgres import Cluster, Place, both, pair

NAME = "counterpart.example"
PORT = 5000
NAMES = ("front", "web1", "web2", "db1", "db2", "person")


@dataclass
class Site:
    """What was started, and how it is reached; `accounts` are those of the demonstration."""

    hosts: dict[str, Host]
    primary: Cluster
    standby: Cluster
    environment: dict[str, str]
    certificate: Path
    folder: Path
    accounts: list[dict[str, Any]]

    @property
    def address(self) -> str:
        """What people type."""
        return f"https://{NAME}"

    @property
    def front(self) -> str:
        """Where the front is."""
        return self.hosts["front"].address

    def command(self, *words: str) -> str:
        """Run a command of the site's terminal on a host that is alive."""
        host = next(self.hosts[name] for name in ("web2", "web1") if not self.hosts[name].is_dead)
        return host.run([sys.executable, "-m", "flask", "--app", "app", *words], self.environment)


@contextlib.contextmanager
def site_on_hosts(folder: Path, tell: Any) -> Iterator[Site]:
    """All of it, filled with the demonstration; it is gone afterwards."""
    with hosts(NAMES, folder / "hosts") as made:
        places = [Place(made[name].address, f"{NETWORK}.0/24", tuple(made[name].entry)) for name in ("db1", "db2")]
        tell("a primary and the standby that follows it")
        with pair(places=places) as (primary, standby):
            primary.ask("CREATE DATABASE counterpart")
            environment = environment_of(folder, both(primary, standby, "counterpart"), standby.url("counterpart"))
            site = Site(made, primary, standby, environment, folder / "front.pem", folder, [])
            tell("tables, the demonstration, and the index in PostgreSQL")
            for words in (["migrate"], ["seed", "--no-shared"], ["search-engine", "migrate", "--to", "postgresql"]):
                site.command(*words)
            site.accounts = json.loads((folder / "data" / "demo-accounts.json").read_text(encoding="utf-8"))
            tell("two hosts with pages and a worker each")
            for name in ("web1", "web2"):
                own = environment | {"COUNTERPART_HOST": made[name].address, **folders_of(folder / name)}
                made[name].start([sys.executable, "-m", "app.serve"], own)
            for name in ("web1", "web2"):
                wait_for_port(made[name], made[name].address, PORT)
            tell("the front, and the workers with what the demonstration has told them")
            start_front(site, folder)
            site.command("wait-idle", "--timeout", "500")
            yield site


def folders_of(place: Path) -> dict[str, str]:
    """The folders of a host, which no other host reaches."""
    return {"COUNTERPART_DATA_DIR": str(place / "data"), "SEARCH_DIR": str(place / "index")}


def environment_of(folder: Path, url: str, replica: str) -> dict[str, str]:
    """What the processes of the site are told; the folders are the terminal's. Hosts share the database alone."""
    environment = {
        **os.environ,
        **folders_of(folder),
        "COUNTERPART_FILES": "database",
        "DATABASE_URL": url,
        "DATABASE_REPLICA_URL": replica,
        "SEARCH_ENGINE": "postgresql",
        "PUBLIC_URL": f"https://{NAME}",
        "PORT": str(PORT),
        "COUNTERPART_PROXIES": "1",
        "COUNTERPART_RATE_LIMITS": "0",
        "SECRET_KEY": secrets.token_urlsafe(32),
    }
    for name in ("COUNTERPART_NOW", "SMTP_URL", "FLASK_RUN_FROM_CLI"):
        environment.pop(name, None)
    return environment


def start_front(site: Site, folder: Path) -> None:
    """nginx with the file of deploy/ and what an operator changes in it: the name, the hosts, the certificate."""
    key = folder / "front.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", str(key),
         "-out", str(site.certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    text = (ROOT / "deploy" / "nginx" / "counterpart.conf").read_text(encoding="utf-8")
    for old, name in (("10.20.0.11", "web1"), ("10.20.0.12", "web2")):
        text = text.replace(old, site.hosts[name].address)
    text = re.sub(r"listen \[::\]:.*\n", "\n", text).replace("/etc/ssl/counterpart.pem", str(site.certificate))
    text = text.replace("/etc/ssl/private/counterpart.key", str(key)).replace("/var/log/nginx/", f"{folder}/")
    (folder / "site.conf").write_text(text, encoding="utf-8")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    (folder / "nginx.conf").write_text(
        f"user root; daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/errors.log;\n"
        f"events {{}}\nhttp {{ {folders} include {folder}/site.conf; }}\n",
        encoding="utf-8",
    )
    front = site.hosts["front"]
    front.start([nginx(), "-p", str(folder), "-c", str(folder / "nginx.conf")])
    wait_for_port(front, front.address, 443)


def nginx() -> str:
    """Where nginx is, or nothing."""
    return shutil.which("nginx") or shutil.which("/usr/sbin/nginx") or ""
