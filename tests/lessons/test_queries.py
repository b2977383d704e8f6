"""Which lessons a reader is shown before deciding, and what a list counts."""

from __future__ import annotations

from app.foundation.db import Tx
from app.foundation.permissions import ANONYMOUS
from app.lessons.library.queries import Filters, list_lessons, tag_counts
from app.lessons.models import Lesson
from app.lessons.queries import find_subject, lessons_alike, queue
from tests.factories import World

THEME, NEIGHBOUR, FAR = "asset_recovery", "money_laundering", "prisons"


def titles(lessons: list[Lesson]) -> list[str]:
    return [lesson.title for lesson in lessons]


def test_the_same_theme_comes_before_a_neighbouring_one(tx: Tx, world: World) -> None:
    owner = world.organisation()
    world.lesson(owner, title="Neighbour", themes=[NEIGHBOUR], verdict="failed")
    world.lesson(owner, title="Same", themes=[THEME], verdict="failed")
    world.lesson(owner, title="Far", themes=[FAR], kinds=["study"])

    assert titles(lessons_alike(tx, ANONYMOUS, [THEME], ["training"], [])) == ["Same", "Neighbour"]


def test_validated_comes_first_then_kind_then_evidence(tx: Tx, world: World) -> None:
    owner = world.organisation()
    world.lesson(owner, title="Waiting", status="submitted", evidence="evaluated")
    world.lesson(owner, title="Other kind", kinds=["study"], evidence="evaluated")
    world.lesson(owner, title="Weak", evidence="anecdotal", verdict="failed")
    world.lesson(owner, title="Strong", evidence="measured")

    found = lessons_alike(tx, ANONYMOUS, [THEME], ["training"], ["SN"], limit=4)

    assert titles(found) == ["Strong", "Weak", "Other kind", "Waiting"]


def test_one_at_least_warns_if_there_is_one(tx: Tx, world: World) -> None:
    owner = world.organisation()
    for number in range(3):
        world.lesson(owner, title=f"Good {number}", evidence="evaluated")
    world.lesson(owner, title="Warning", evidence="anecdotal", verdict="challenge", themes=[NEIGHBOUR])

    assert titles(lessons_alike(tx, ANONYMOUS, [THEME], ["training"], [])) == ["Good 0", "Good 1", "Warning"]


def test_what_one_may_not_see_is_neither_shown_nor_counted(tx: Tx, world: World) -> None:
    owner = world.organisation()
    world.lesson(owner, title="Hidden", disclosure="own", verdict="failed")
    world.lesson(owner, title="For members", disclosure="members")

    assert lessons_alike(tx, ANONYMOUS, [THEME], [], []) == []
    assert list_lessons(tx, ANONYMOUS, Filters(), None).total == 0
    assert tag_counts(tx, ANONYMOUS, Lesson, Filters(), "theme") == {}
    assert titles(lessons_alike(tx, world.somebody("donor"), [THEME], [], [])) == ["For members"]


def test_without_anything_to_go_by_there_is_nothing_alike(tx: Tx, world: World) -> None:
    world.lesson(world.organisation())
    assert lessons_alike(tx, ANONYMOUS, [], [], []) == []


def test_a_list_is_narrowed_by_codes_and_words(tx: Tx, world: World) -> None:
    owner = world.organisation()
    world.lesson(owner, title="Kits at customs", themes=["customs"], verdict="failed", countries=["GH"])
    world.lesson(owner, title="Kits elsewhere", themes=["customs"], verdict="worked", countries=["PE"])

    found = list_lessons(tx, ANONYMOUS, Filters(theme=("customs",), verdict=("failed",), words="KITS customs"), None)

    assert titles(list(found.items)) == ["Kits at customs"]


def test_a_word_with_a_percent_sign_is_only_a_word(tx: Tx, world: World) -> None:
    world.lesson(world.organisation(), title="Anything")
    assert list_lessons(tx, ANONYMOUS, Filters(words="%"), None).total == 0


def test_a_facet_counts_what_fits_all_other_filters(tx: Tx, world: World) -> None:
    owner = world.organisation()
    world.lesson(owner, themes=["customs"], verdict="failed")
    world.lesson(owner, themes=["prisons"], verdict="worked")

    counts = tag_counts(tx, ANONYMOUS, Lesson, Filters(theme=("customs",), verdict=("failed",)), "theme")

    assert counts == {"customs": 1}


def test_the_queue_holds_what_waits(tx: Tx, world: World) -> None:
    owner = world.organisation()
    waiting = world.lesson(owner, status="submitted")
    world.lesson(owner, status="validated")

    assert queue(tx, world.somebody("secretariat")) == [waiting]


def test_a_hidden_record_is_no_subject(tx: Tx, world: World) -> None:
    need = world.need(world.organisation(), disclosure="own")

    assert find_subject(tx, ANONYMOUS, need.ref) is None
    assert find_subject(tx, world.actor(world.account(need.organisation)), need.ref) is need
    assert find_subject(tx, ANONYMOUS, "nonsense") is None
