"""How long the main job takes: posted -> searchable -> matched, and search, as ratios to a bare Flask page.

Runs against a scratch database filled with the demonstration and, where it is there, all real IATI files. Everything
stays on this machine and stops by itself. Figures go to standard output and, with BENCH_OUT, to <BENCH_OUT>/main.json.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask

from app import create_app
from app.config import Settings
from app.foundation.migrate import upgrade
from app.foundation.permissions import ANONYMOUS, SYSTEM
from app.foundation.web import Site
from app.foundation.worker import run as run_worker
from app.foundation.worker import work_off
from app.needs.models import Need
from app.needs.service import LineDraft, NeedDraft, post_need
from app.search.engine_types import EngineQuery
from app.search.query import search
from app.search.reactions import engine_of
from app.search.request import SearchRequest
from app.search.terms import groups_of
from app.wiring import REACTIONS

POSTS, QUERIES, BARE = 100, 200, 300
WORDS = (
    "judges training", "précurseurs chimiques", "laboratorio forense", "prison", "small arms", "blanchiment",
    "fronteira", "police", "corruption", "cocaine", "maritime", "asset recovery", "formation magistrats", "droga",
    "alternative development", "justicia penal", "border control", "treatment", "witness protection", "customs",
)  # fmt: skip
FACETS = ("", "?type=programme", "?country=GH", "?status=open", "?theme=police_training")


def bare_page() -> Callable[[], None]:
    """A Flask page that does nothing, as the yardstick of this machine at this hour."""
    app = Flask("bare")
    app.add_url_rule("/", view_func=lambda: "<!doctype html><title>bare</title><h1>bare</h1>")
    client = app.test_client()
    return lambda: check(client.get("/").status_code)


def check(status: int) -> None:
    """Stop if an answer is not what it should be: a quick wrong answer is no figure."""
    if status != 200:
        sys.exit(f"answered {status}")


def timed(act: Callable[[], Any]) -> float:
    """Seconds of wall clock that it takes."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def spread(seconds: list[float], bare: float) -> dict[str, float]:
    """Median and 95th percentile in milliseconds, and as multiples of the bare page's median."""
    cuts = statistics.quantiles(seconds, n=20)
    p50, p95 = statistics.median(seconds), cuts[18]
    return {
        "n": len(seconds),
        "p50_ms": round(p50 * 1000, 2),
        "p95_ms": round(p95 * 1000, 2),
        "p50_bare": round(p50 / bare, 1),
        "p95_bare": round(p95 / bare, 1),
    }


def scratch_site(folder: Path) -> Flask:
    """A site of its own in a folder that goes away, filled as `make run` fills it."""
    os.environ |= {"COUNTERPART_DATA_DIR": str(folder), "SEARCH_DIR": str(folder / "index")}
    os.environ.pop("DATABASE_URL", None)
    app = create_app(Settings.from_environment())
    site = app.extensions["counterpart"]
    upgrade(site.database)
    outcome = app.test_cli_runner().invoke(args=["seed"])
    if outcome.exit_code:
        sys.exit(outcome.output)
    while work_off(site, REACTIONS):
        pass
    return app


def a_draft(rank: int, random_source: random.Random) -> NeedDraft:
    """A believable need, different each time."""
    theme, country = random_source.choice([("judicial_process", "SN"), ("prisons", "GH"), ("precursor_control", "PE")])
    today = datetime.now(UTC).date()
    return NeedDraft(
        language="en",
        title=f"Bench {rank}: training of {40 + rank} officials in {theme.replace('_', ' ')}",
        problem=f"The service asks for training, mentoring and equipment so that cases hold in court. Marker q{rank}z.",
        themes=(theme,),
        countries=(country,),
        lines=(LineDraft("training", quantity=40, unit="participants"),),  # type: ignore[arg-type]
        delivery_languages=("en", "fr"),
        starts_on=today + timedelta(days=60),
        ends_on=today + timedelta(days=400),
    )


def posted_to_matched(site: Site) -> dict[str, list[float]]:
    """Post needs while the worker runs beside; how long until each is found by search, and until it has its matches."""
    source = random.Random(2011)
    going = threading.Event()
    going.set()
    thread = threading.Thread(target=run_worker, args=(site, REACTIONS, going.is_set), daemon=True)
    thread.start()
    searchable, matched = [], []
    with site.database.reading() as tx:
        owner = tx.query(Need.organisation_id).limit(1).scalar()
    for rank in range(POSTS):
        start = time.perf_counter()
        with site.database.transaction() as tx:
            need = post_need(tx, SYSTEM, owner, a_draft(rank, source), datetime.now(UTC))
        wait_until(lambda rank=rank: is_found(site, rank))
        searchable.append(time.perf_counter() - start)
        wait_until(lambda number=need.id: is_matched(site, number))
        matched.append(time.perf_counter() - start)
    going.clear()
    thread.join(10)
    return {"posted_searchable": searchable, "posted_matched": matched}


def wait_until(holds: Callable[[], bool], most: float = 30.0) -> None:
    """Ask every five milliseconds, for half a minute at most."""
    until = time.monotonic() + most
    while not holds():
        if time.monotonic() > until:
            sys.exit("the worker did not get there in time")
        time.sleep(0.005)


def is_found(site: Site, rank: int) -> bool:
    """Whether a search for the need's own marker gives one record."""
    return engine_of(site).search(EngineQuery(groups_of(f"q{rank}z"))).total == 1


def is_matched(site: Site, need_id: int) -> bool:
    """Whether the need's matches are stored."""
    from app.matching.models import Match

    with site.database.reading() as tx:
        return tx.query(Match.id).filter(Match.need_id == need_id).limit(1).scalar() is not None


def searches(app: Flask, site: Site) -> dict[str, list[float]]:
    """The search page, whole, as an anonymous reader; and the engine's and query's part of it."""
    client = app.test_client()
    pages, parts = [], []
    for number in range(QUERIES):
        words, facet = WORDS[number % len(WORDS)], FACETS[number // len(WORDS) % len(FACETS)]
        address = f"/search{facet}{'&' if facet else '?'}q={words}"
        pages.append(timed(lambda address=address: check(client.get(address).status_code)))
        with site.database.reading() as tx:
            parts.append(
                timed(lambda tx=tx, words=words: search(tx, ANONYMOUS, engine_of(site), SearchRequest(text=words)))
            )
    return {"search_page": pages, "search_query": parts}


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        bare = bare_page()
        yardstick = [timed(bare) for _ in range(BARE)]
        app = scratch_site(Path(folder))
        site = app.extensions["counterpart"]
        with app.app_context():
            measured = {**posted_to_matched(site), **searches(app, site)}
            records = len(engine_of(site).versions())
        yardstick += [timed(bare) for _ in range(BARE)]
        site.database.close()
    floor = statistics.median(yardstick)
    figures: dict[str, Any] = {name: spread(seconds, floor) for name, seconds in measured.items()}
    result = {"bench": "main", "records": records, "bare_page_p50_ms": round(floor * 1000, 3), **figures}
    print(f"{records} records; a bare Flask page takes {floor * 1000:.3f} ms (median of {len(yardstick)})")
    for name, row in figures.items():
        print(
            f"{name:18} n={row['n']:<4} p50 {row['p50_ms']:8.2f} ms = {row['p50_bare']:6.1f} x bare   "
            f"p95 {row['p95_ms']:8.2f} ms = {row['p95_bare']:6.1f} x bare"
        )
    if os.environ.get("BENCH_OUT"):
        out = Path(os.environ["BENCH_OUT"])
        out.mkdir(parents=True, exist_ok=True)
        (out / "main.json").write_text(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
