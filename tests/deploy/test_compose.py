"""The containers' files, as far as they can be tried without an engine: they are read, and name only what there is."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import pytest
import yaml

from app import cli
from app.config import LONGEST_DRAIN, ROOT, Settings
from app.serve import SECONDS_TO_END, wishes
from tests.deploy.test_environment import names_set_in, reference

pytestmark = pytest.mark.one_engine

FOLDER = ROOT / "deploy" / "compose"
OF_OTHERS = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", "SITE_NAME", "WEB_HOSTS", "COMPOSE_PROJECT_NAME"}
"""What the images of PostgreSQL and of the front, and the engine itself, read."""
OF_IMAGE = {"PATH", "PYTHONDONTWRITEBYTECODE"}


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((FOLDER / "compose.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def dockerfile():
    text = (FOLDER / "Dockerfile").read_text(encoding="utf-8")
    lines = re.sub(r"\\\n\s*", " ", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)).splitlines()
    return [line.split(" ", 1) for line in lines if line.strip()]


def said(dockerfile, word: str) -> list[str]:
    return [rest for name, rest in dockerfile if name == word]


def of_site(compose):
    return {name: one for name, one in compose["services"].items() if one["image"] == "counterpart"}


def test_there_are_two_for_pages_a_worker_and_what_they_need(compose):
    assert set(compose["services"]) == {"database", "tables", "web1", "web2", "worker", "front"}
    assert compose["services"]["front"]["environment"]["WEB_HOSTS"] == "web1:5000 web2:5000"
    for one in of_site(compose).values():
        assert one["read_only"]
        assert one["cap_drop"] == ["ALL"]
        assert one["depends_on"]


def test_every_variable_is_one_that_somebody_reads(compose, dockerfile):
    known = set(reference()) | OF_OTHERS
    for one in compose["services"].values():
        assert set(one.get("environment", ())) <= known
    assert names_set_in(FOLDER / "environment.example") <= known
    set_by_image = {word.split("=")[0] for line in said(dockerfile, "ENV") for word in line.split()}
    assert set_by_image - OF_IMAGE <= set(reference())
    asked = set(re.findall(r"\$\{([A-Z_]+)", (FOLDER / "compose.yml").read_text(encoding="utf-8")))
    assert asked <= names_set_in(FOLDER / "environment.example")
    asked_by_front = set(re.findall(r"\{\$([A-Z_]+)", (ROOT / "deploy/caddy/Caddyfile").read_text(encoding="utf-8")))
    assert asked_by_front == set(compose["services"]["front"]["environment"])


def test_the_site_would_start_with_what_it_is_told(compose, dockerfile):
    image = dict(word.split("=", 1) for line in said(dockerfile, "ENV") for word in line.split())
    filled = dict(re.findall(r"^([A-Z][A-Z_]*)=(.*)$", (FOLDER / "environment.example").read_text(), re.MULTILINE))
    own = {"SECRET_KEY": "s" * 32, "AUDIT_KEY": "a" * 32, "POSTGRES_PASSWORD": "word"}
    told = {**image, **filled, **own, **compose["services"]["web1"]["environment"]}
    told["DATABASE_URL"] = re.sub(r"\$\{POSTGRES_PASSWORD[^}]*\}", own["POSTGRES_PASSWORD"], told["DATABASE_URL"])
    settings = Settings.from_environment(told)
    assert settings.production
    assert settings.drain < LONGEST_DRAIN
    assert settings.database_url == "postgresql+psycopg://counterpart:word@database/counterpart"


def test_the_commands_exist(compose, dockerfile):
    told = [json.loads(line) for line in said(dockerfile, "CMD")]
    told += [json.loads(re.sub(r"^.*? CMD ", "", line)) for line in said(dockerfile, "HEALTHCHECK")]
    told += [one["command"] for one in of_site(compose).values() if "command" in one]
    assert len(told) == 4
    for words in told:
        if words[:3] == ["python", "-m", "app.serve"]:
            wishes(words[3:])
        else:
            assert words == ["python", "-m", "flask", "--app", "app", cli.migrate.name]


def test_nobody_is_killed_before_what_is_begun_can_be_finished(compose):
    for one in of_site(compose).values():
        assert int(one["stop_grace_period"].removesuffix("s")) >= LONGEST_DRAIN + SECONDS_TO_END + 5
        assert one["init"]


def test_what_is_copied_into_the_image_is_there_and_let_in(dockerfile):
    copied = [word for line in said(dockerfile, "COPY") if "--from" not in line for word in line.split()[:-1]]
    let_in = (FOLDER / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert copied
    for name in copied:
        assert (ROOT / name).exists()
        assert any(line.removeprefix("!").removesuffix("/*") == name for line in let_in if line.startswith("!"))
    assert any("--require-hashes" in line for line in said(dockerfile, "RUN"))
    assert said(dockerfile, "USER") == ["counterpart"]


def test_a_parser_of_composes_own_takes_the_file(tmp_path):
    """`docker-compose config`, which needs no engine."""
    if not shutil.which("docker-compose"):
        pytest.skip("docker-compose is not installed")
    place = tmp_path / "deploy" / "compose"
    place.mkdir(parents=True)
    shutil.copy(FOLDER / "compose.yml", place)
    example = (FOLDER / "environment.example").read_text(encoding="utf-8")
    (place / ".env").write_text(example.replace("POSTGRES_PASSWORD=", "POSTGRES_PASSWORD=word"), encoding="utf-8")
    done = subprocess.run(["docker-compose", "config"], cwd=place, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "counterpart:word@database" in done.stdout
    (place / ".env").write_text(example, encoding="utf-8")
    done = subprocess.run(["docker-compose", "config"], cwd=place, capture_output=True, text=True, check=False)
    assert "environment.example" in done.stderr
