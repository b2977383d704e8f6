"""The yardstick: the least that a page of a database can be, one query of twenty rows, 26 addresses and a template.

It is made of Flask, SQLAlchemy and Jinja as they come, without sign-in, language, protection of forms, headers or
compression, and stands on the same engine as the site.
"""

from __future__ import annotations

import os

from flask import Flask, render_template_string
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

TABLE_ROWS, SHOWN, LINKS = 1000, 20, 6
PAGE = """<!doctype html><html lang="en"><head><title>Bare</title></head><body>
<nav>{% for number in range(links) %}<a href="{{ url_for('index', page=number) }}">Page {{ number }}</a>
{% endfor %}</nav>
{% for row in rows %}<article><h2><a href="{{ url_for('detail', number=row.id) }}">{{ row.title }}</a></h2>
<p>{{ row.country }} · {{ row.status }}</p><p>{{ row.words }}</p></article>
{% endfor %}</body></html>"""
WORDS = (
    "Trainers, materials and mentoring for officials of the service are asked for, so that cases hold in court. " * 18
)


class Base(DeclarativeBase):
    """Its one table."""


class Thing(Base):
    """A row with words, as a need has them."""

    __tablename__ = "bare_things"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    country: Mapped[str]
    status: Mapped[str]
    words: Mapped[str]


def prepare(url: str) -> None:
    """Make the table, with a thousand rows."""
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    with Session(engine) as session, session.begin():
        session.query(Thing).delete()
        session.add_all(
            Thing(title=f"Thing {number}", country="SN", status="posted", words=WORDS) for number in range(TABLE_ROWS)
        )
    engine.dispose()


def create() -> Flask:
    """The application; BARE_URL is its database."""
    app = Flask("bare")
    engine = create_engine(os.environ["BARE_URL"])
    template = app.jinja_env.from_string(PAGE)

    @app.get("/")
    def index() -> str:
        with Session(engine) as session:
            rows = session.scalars(select(Thing).order_by(Thing.id.desc()).limit(SHOWN)).all()
            return template.render(rows=rows, links=LINKS)

    @app.get("/things/<int:number>")
    def detail(number: int) -> str:
        return render_template_string("{{ number }}", number=number)

    return app
