"""What followed searches cost the worker: many of them, and one import of many programmes.

A site of its own, which goes away: people of several organisations follow searches of different kinds; then programmes
are imported, two hundred facts at a time as the worker takes them, and one need is posted by itself. Figures go to
standard output and, with BENCH_OUT, to <BENCH_OUT>/alerts.json; they are seconds of the processor. It fails where one
import of 1,000 takes the worker longer than a minute for all searches together.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app.accounts.queries import actor_of, people_by_id
from app.config import Settings
from app.foundation import migrate
from app.foundation.db import Database
from app.foundation.outbox import Fact
from app.foundation.web import Site
from app.needs.events import NeedPosted
from app.notifications.alerts.reactions import sweep_searches, tell_followers
from app.notifications.models import Mail, Notice
from app.organisations.models import Organisation
from app.programmes.events import ProgrammeImported
from app.reference.concepts import concept_name, concepts
from app.reference.themes import themes
from app.search.engine import WhooshEngine
from app.search.indexer import rebuild
from app.search.models import SearchFind
from app.search.reactions import engine_of, update_index
from app.search.service import follow
from tests.factories import SECRET_KEY, World
from tests.house import MovableClock

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
COUNTRIES = ("SN", "GH", "CV", "GW", "PE", "HN", "JM", "KE", "UG", "ZM", "TG", "ML")
BATCH = 200
MOST_SECONDS = 60


def words() -> list[str]:
    """The English names of what the site knows about."""
    return sorted({concept_name(code, "en") for code in concepts()})


class Stage:
    """The site, filled."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        url = f"sqlite:///{folder}/site.sqlite"
        settings = Settings(
            data_dir=folder / "data", host="127.0.0.1", port=5000, secret_key=SECRET_KEY, database_url=url,
            search_dir=folder / "index", public_url="http://localhost:5000", smtp_url=None, fixed_now=NOW,
            shared_dir=folder / "shared", production=False, demonstration=False, rate_limits=False,
        )  # fmt: skip
        self.chance, self.words = chance, words()
        self.themes = sorted(code for code in themes())
        self.clock = MovableClock(NOW)
        self.database = Database(url)
        migrate.upgrade(self.database)
        self.site = Site(settings, self.database, self.clock)

    def programmes(self, number: int) -> list[int]:
        """So many more programmes of one donor."""
        made = []
        with self.database.transaction() as tx:
            world = World(tx, self.clock.now())
            donor = tx.scalars(select(Organisation).where(Organisation.kind == "donor")).first()
            donor = donor or world.organisation("donor")
            for _number in range(number):
                said = self.chance.sample(self.words, 6)
                made.append(
                    world.programme(
                        donor, title=" ".join(said[:2]), description=". ".join(said), source="iati",
                        themes=self.chance.sample(self.themes, 2), countries=self.chance.sample(COUNTRIES, 2),
                        disclosure=self.chance.choice(["public"] * 9 + ["members"]),
                    ).id
                )  # fmt: skip
        return made

    def searches(self, number: int, people: int) -> float:
        """So many followed searches of so many people; how many seconds it takes to follow one of them."""
        with self.database.transaction() as tx:
            world = World(tx, self.clock.now())
            homes = [world.organisation(country=code) for code in COUNTRIES] + [world.organisation("donor")]
            numbers = [world.account(self.chance.choice(homes)).id for _number in range(people)]
        engine = engine_of(self.site)
        begun = time.process_time()
        for turn in range(number):
            with self.database.transaction() as tx:
                (account,) = people_by_id(tx, [numbers[turn % people]])
                follow(tx, actor_of(account), f"Search {turn}", self._address(turn), self.clock.now(), engine)
        return (time.process_time() - begun) / number

    def _address(self, turn: int) -> str:
        one, other = (word.replace(" ", "+") for word in self.chance.sample(self.words, 2))
        theme, country = self.chance.choice(self.themes), self.chance.choice(COUNTRIES)
        kinds = (f"?q={one}", f"?q={one}+{other}", f"?theme={theme}", f"?q={one}&country={country}",
                 f"?theme={theme}&country={country}&status=open")  # fmt: skip
        return kinds[turn % len(kinds)]

    def react(self, facts: Sequence[Fact]) -> tuple[float, float]:
        """How long the searches took to be asked about these facts, and what they found to be written."""
        update_index(self.site, facts)
        begun = time.process_time()
        write = tell_followers(self.site, facts)
        asked = time.process_time()
        with self.database.transaction() as tx:
            write(tx)
        return asked - begun, time.process_time() - asked


def measure(stage: Stage, asked: Any) -> dict[str, Any]:
    """Everything, in the order in which it happens on a site."""
    stage.programmes(asked.before)
    rebuild(stage.database, WhooshEngine(stage.site.settings.search_dir))
    found: dict[str, Any] = {"before": asked.before, "searches": asked.searches, "people": asked.people}
    found["follow_ms"] = round(1000 * stage.searches(asked.searches, asked.people), 1)
    stage.clock.move(minutes=5)
    numbers = stage.programmes(asked.imported)
    parts = [
        stage.react([ProgrammeImported(number) for number in numbers[begin : begin + BATCH]])
        for begin in range(0, len(numbers), BATCH)
    ]
    found |= {"imported": asked.imported, "asked_s": round(sum(one for one, _other in parts), 2)}
    found["written_s"] = round(sum(other for _one, other in parts), 2)
    found["longest_write_s"] = round(max(other for _one, other in parts), 2)
    with stage.database.transaction() as tx:
        need = World(tx, stage.clock.now()).need(tx.get_one(Organisation, 1), title=stage.words[0]).id
    found["one_post_ms"] = round(1000 * sum(stage.react([NeedPosted(need)])), 1)
    with stage.database.reading() as tx:
        announced = SearchFind.announced_at.is_not(None)
        found["announced"] = tx.scalar(select(func.count()).where(announced))
        found["notices"] = tx.scalar(select(func.count()).select_from(Notice))
        found["mails"] = tx.scalar(select(func.count()).select_from(Mail))
        found["most_mails_to_one_search"] = max(_mails_by_search(tx), default=0)
    stage.clock.move(days=1, minutes=5)
    begun = time.process_time()
    while "alerts.looked_at" not in stage.site.parts:
        sweep_searches(stage.site)
    found["sweep_of_all_s"] = round(time.process_time() - begun, 2)
    return found


def _mails_by_search(tx: Any) -> Iterator[int]:
    counts: dict[str, int] = {}
    for cause in tx.scalars(select(Mail.cause)):
        search = cause.split("|")[1]
        counts[search] = counts.get(search, 0) + 1
    return iter(counts.values())


def main() -> int:
    """Measure, say so, and judge."""
    words_for = argparse.ArgumentParser(description=__doc__)
    for name, usual in (("before", 2000), ("searches", 500), ("people", 300), ("imported", 1000), ("seed", 7)):
        words_for.add_argument(f"--{name}", type=int, default=usual)
    asked = words_for.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="alerts-"))
    try:
        stage = Stage(folder, random.Random(asked.seed))
        found = measure(stage, asked)
        stage.database.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for name, figure in found.items():
        print(f"{name:28} {figure}")
    out = os.environ.get("BENCH_OUT")
    if out:
        Path(out).mkdir(parents=True, exist_ok=True)
        (Path(out) / "alerts.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return int(found["asked_s"] + found["written_s"] > MOST_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
