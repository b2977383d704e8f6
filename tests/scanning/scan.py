"""Scanners against the demonstration, on this machine alone: `make scan`.

bandit reads the code; wapiti walks and attacks the running site, once as nobody and once as somebody who is signed in;
sqlmap tries the addresses with parameters. Each is bounded in time and stops by itself. What they say is written to
scan/. What was looked at and needs no mending stands with its reason in answered.toml; ends with 1 if a tool found
something else, did not run or did not finish, or if an answer is no longer asked for.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from tests.running import RunningSite, demonstration, serve, site_in

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "scan"
TOOLS = ROOT / ".venv-scan" / "bin"
ANSWERED = Path(__file__).with_name("answered.toml")
SECONDS = 120
AGENT = "counterpart-scan"
MODULES = "cookieflags,crlf,csp,csrf,exec,file,http_headers,methods,permanentxss,redirect,sql,ssrf,upload,xss,xxe"
QUESTIONS = (
    "/search?q=port&type=need&sort=newest",
    "/needs?q=port&country=SN&theme=prisons&page=1",
    "/organisations?q=a&kind=state",
    "/programmes?q=a&country=SN",
    "/lessons?q=a",
    "/courses?q=a",
    "/countries/SN?x=1",
    "/language/fr?next=/needs",
)


@dataclass(frozen=True)
class Finding:
    """What one tool said, in one line."""

    tool: str
    text: str


def main() -> int:
    """Run all of them; 1 if there is anything to answer."""
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    findings = bandit()
    with tempfile.TemporaryDirectory() as folder:
        site = serve(site_in(demonstration(Path(folder))))
        try:
            findings += wapiti(site, "nobody", "")
            findings += wapiti(site, "somebody", cookie_of(site))
            findings += sqlmap(site)
        finally:
            site.stop()
    open_ = unanswered(findings, tomllib.loads(ANSWERED.read_text(encoding="utf-8"))["answered"])
    lines = [f"{finding.tool}: {finding.text}" for finding in findings]
    (OUT / "findings.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    told = f"{len(lines)} findings, {len(open_)} to answer; all that the tools said is in {OUT.name}/"
    sys.stdout.write("\n".join([*open_, told]) + "\n")
    return 1 if open_ else 0


def unanswered(findings: Iterable[Finding], answers: list[dict[str, str]]) -> list[str]:
    """Findings without an answer, and answers that no finding asks for, in words."""
    asked: set[int] = set()
    lines = []
    for finding in findings:
        fitting = {
            n for n, one in enumerate(answers) if one["tool"] == finding.tool and _fits(finding.text, one["text"])
        }
        asked |= fitting
        lines += [] if fitting else [f"{finding.tool}: {finding.text}"]
    return lines + [
        f"nobody asks any more: {one['tool']}: {one['text']}" for n, one in enumerate(answers) if n not in asked
    ]


def _fits(text: str, pattern: str) -> bool:
    # The only sign with a meaning is the star; fnmatch knows others too.
    return fnmatchcase(text, pattern.replace("[", "[[]").replace("?", "[?]"))


def bandit() -> list[Finding]:
    """What bandit says of the code, from low severity on."""
    report = OUT / "bandit.json"
    command = [sys.executable, "-m", "bandit", "-q", "-r", "app", "-f", "json", "-o", str(report)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    results = json.loads(report.read_text(encoding="utf-8"))["results"]
    return [Finding("bandit", f"{r['test_id']} {r['filename']}:{r['line_number']} {r['issue_text']}") for r in results]


def wapiti(site: RunningSite, who: str, cookie: str) -> list[Finding]:
    """What wapiti finds as this visitor; what it calls additional is told too."""
    report = OUT / f"wapiti-{who}.json"
    command = [
        str(TOOLS / "wapiti"), "-u", f"{site.address}/", "--scope", "domain", "-m", MODULES, "-f", "json",
        "-o", str(report), "--max-scan-time", str(SECONDS), "--max-attack-time", "30", "--endpoint", site.address,
        "--flush-session",
        "--no-bugreport", "--tasks", "4", "-A", AGENT, "-x", f"{site.address}/sign-out",
        "-x", f"{site.address}/account/close",
        "--store-session", str(OUT / f"session-{who}"), "-d", "4", "--max-links-per-page", "60",
    ]  # fmt: skip
    if cookie:
        command += ["-C", cookie]
    said = subprocess.run(command, cwd=OUT, capture_output=True, text=True, check=False, timeout=SECONDS * 10)
    (OUT / f"wapiti-{who}.txt").write_text(said.stdout + said.stderr, encoding="utf-8")
    if not report.exists():
        return [Finding("wapiti", f"did not run as {who}: {said.stderr[-200:]}")]
    found = json.loads(report.read_text(encoding="utf-8"))
    kinds = {**found["vulnerabilities"], **found["anomalies"]}
    return [
        Finding("wapiti", f"as {who}: {kind}: {one['info']} {one['path']}")
        for kind, all_of in kinds.items()
        for one in all_of
    ]


def sqlmap(site: RunningSite) -> list[Finding]:
    """Whether sqlmap calls a parameter injectable, or came to no answer. The demonstration stands on SQLite."""
    found = []
    for number, question in enumerate(QUESTIONS):
        command = [
            str(TOOLS / "sqlmap"), "-u", site.address + question, "--batch", "--level", "2", "--risk", "2",
            "--flush-session", "--output-dir", str(OUT / "sqlmap"), "--threads", "2", "--timeout", "10",
            "--retries", "0", "--time-limit", str(SECONDS), "--dbms", "SQLite", "--text-only",
            "--user-agent", AGENT,
        ]  # fmt: skip
        said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS * 2)
        (OUT / f"sqlmap-{number}.txt").write_text(said.stdout + said.stderr, encoding="utf-8")
        if re.search(r"is vulnerable|identified the following injection", said.stdout):
            found.append(Finding("sqlmap", f"{question}: see sqlmap-{number}.txt"))
        elif "do not appear to be injectable" not in said.stdout:
            found.append(Finding("sqlmap", f"did not finish {question}: see sqlmap-{number}.txt"))
    return found


def cookie_of(site: RunningSite) -> str:
    """The cookies of an editor who has signed in through the form."""
    jar = CookieJar()
    opener = build_opener(HTTPCookieProcessor(jar))
    opener.addheaders = [("User-Agent", AGENT)]
    person = site.account("state", "SN", "editor")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', _page(opener, f"{site.address}/sign-in"))
    fields = {"csrf_token": token.group(1) if token else "", "email": person["email"], "password": person["password"]}
    _page(opener, f"{site.address}/sign-in", urlencode(fields).encode())
    if "/sign-out" not in _page(opener, f"{site.address}/desk"):
        raise SystemExit("nobody could sign in for the scan")
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def _page(opener: OpenerDirector, address: str, data: bytes | None = None) -> str:
    with opener.open(address, data, timeout=20) as answer:
        return str(answer.read().decode())


if __name__ == "__main__":
    raise SystemExit(main())
