import itertools
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.foundation.audit import AuditEvent
from app.foundation.messages import msg
from app.notifications.models import Delivery, Mail, MailPreference
from app.notifications.pace import rules
from app.notifications.pace.gathering import gather_news
from app.notifications.pace.rules import Wishes, due_at, pace_of
from app.notifications.pace.service import set_wishes, stop
from app.notifications.rules import SUBJECTS, TO_STRANGERS, cause_of
from app.notifications.service import NoticeDraft, put_notices

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def ungrouped(kinds, groups=rules.GROUP_OF):
    return sorted(set(kinds) - set(groups))


def test_every_kind_of_news_belongs_to_a_group():
    assert ungrouped(SUBJECTS) == []
    assert set(rules.GROUP_OF) == set(SUBJECTS), "a group names a kind that there is none of"
    assert set(rules.GROUP_OF.values()) <= set(rules.GROUPS)
    assert set(SUBJECTS) >= rules.PRESSING


def test_a_kind_without_group_would_be_found():
    assert ungrouped([*SUBJECTS, "need_shouted"]) == ["need_shouted"]


def test_what_guards_an_account_or_holds_a_seat_cannot_be_turned_off():
    nothing = Wishes(dict.fromkeys(rules.GROUPS, rules.SITE))
    for kind in SUBJECTS:
        is_fixed = rules.GROUP_OF[kind] in rules.FIXED
        assert is_fixed == (kind in TO_STRANGERS), kind
        assert pace_of(kind, nothing) == (rules.AT_ONCE if is_fixed else rules.SITE)
    assert rules.without({}, [*rules.GROUPS, "digest"]).keys() & rules.FIXED == set()


def test_usually_only_what_waits_for_oneself_comes_at_once():
    paces = {kind: pace_of(kind, Wishes()) for kind in SUBJECTS if kind not in TO_STRANGERS}
    assert {kind for kind, pace in paces.items() if pace == rules.AT_ONCE} == rules.PRESSING
    assert set(paces.values()) == {rules.AT_ONCE, rules.DAILY}


@pytest.mark.parametrize(
    ("choice", "pressing", "other"),
    [
        ("usual", "at_once", "daily"),
        ("at_once", "at_once", "at_once"),
        ("daily", "daily", "daily"),
        ("weekly", "weekly", "weekly"),
        ("waiting", "at_once", "site"),
        ("site", "site", "site"),
        ("nonsense", "at_once", "daily"),
    ],
)
def test_a_choice_holds_for_its_group(choice, pressing, other):
    wishes = Wishes({"pledges": choice})
    assert (pace_of("pledge_made", wishes), pace_of("pledge_accepted", wishes)) == (pressing, other)
    assert pace_of("need_fits", wishes) == "daily"


def test_what_makes_no_difference_is_not_offered():
    assert "waiting" not in rules.choices_of("matches")
    assert rules.usual_of("matches") == "daily"
    assert Wishes({"matches": "usual"}).of_group("matches") == "daily"


@pytest.mark.parametrize(
    ("pace", "wishes", "since", "due"),
    [
        ("daily", Wishes(), MONDAY, datetime(2026, 11, 24, 7, tzinfo=UTC)),
        ("daily", Wishes(), MONDAY.replace(hour=6), datetime(2026, 11, 23, 7, tzinfo=UTC)),
        ("daily", Wishes(), MONDAY.replace(hour=7), datetime(2026, 11, 24, 7, tzinfo=UTC)),
        ("weekly", Wishes(), MONDAY, datetime(2026, 11, 30, 7, tzinfo=UTC)),
        ("weekly", Wishes(weekday=4, hour=18), MONDAY, datetime(2026, 11, 27, 18, tzinfo=UTC)),
        # Praia is an hour behind, Tashkent five before UTC.
        ("daily", Wishes(time_zone="Atlantic/Cape_Verde"), MONDAY, datetime(2026, 11, 24, 8, tzinfo=UTC)),
        ("daily", Wishes(time_zone="Asia/Tashkent"), MONDAY, datetime(2026, 11, 24, 2, tzinfo=UTC)),
        ("daily", Wishes(time_zone="Nowhere/At_all"), MONDAY, datetime(2026, 11, 24, 7, tzinfo=UTC)),
        # The clocks of Paris go forward in the night to 28 March 2027: it is seven o'clock there all the same.
        ("daily", Wishes(time_zone="Europe/Paris"), datetime(2027, 3, 27, 7, tzinfo=UTC),
         datetime(2027, 3, 28, 5, tzinfo=UTC)),
        ("at_once", Wishes(), MONDAY, MONDAY),
        ("site", Wishes(), MONDAY, None),
    ],
)  # fmt: skip
def test_when_news_is_due(pace, wishes, since, due):
    assert due_at(pace, wishes, since) == due


def test_stopping_a_digest_leaves_what_waits():
    after = Wishes(rules.without({"lessons": "weekly", "training": "at_once"}, ["digest"]))
    assert after.of_group("pledges") == "waiting"
    assert after.of_group("matches") == "site"
    assert after.of_group("lessons") == "site"
    assert after.of_group("training") == "at_once"


# --- on real rows ---


@pytest.fixture
def site(app):
    return app.extensions["counterpart"]


@pytest.fixture
def person(world):
    return world.account(world.organisation("donor"))


@pytest.fixture
def tell(tx, world, person, clock):
    need, numbers = world.need(world.organisation()), itertools.count()

    def happen(kind="pledge_made", count=1):
        drafts = [
            NoticeDraft(
                person.id, cause_of(kind, ("need", need.ref), ("n", str(next(numbers)))), msg("News"), "need",
                need.ref, by_mail=True,
            )
            for _ in range(count)
        ]  # fmt: skip
        put_notices(tx, drafts, clock.now())
        tx.flush()

    return happen


@pytest.fixture
def gathered(tx, site, clock):
    """How many pieces of news each mail has, by its pace, in order."""

    def gather():
        tx.flush()
        while gather_news(site, clock.now()):
            pass
        tx.expire_all()
        mails = tx.scalars(select(Mail).order_by(Mail.id)).all()
        sizes = [len(tx.scalars(select(Delivery).where(Delivery.mail_id == mail.id)).all()) for mail in mails]
        return [(mail.pace, size) for mail, size in zip(mails, sizes, strict=True)]

    return gather


def test_ten_at_once_are_three_mails_and_one_with_the_rest(tell, gathered, clock):
    tell(count=10)
    assert gathered() == [("at_once", 1)] * 3
    clock.move(minutes=30)
    tell(count=2)
    assert gathered() == [("at_once", 1)] * 3
    clock.move(minutes=30)
    assert gathered() == [("at_once", 1)] * 3 + [("together", 9)]


def test_an_import_of_matches_is_one_mail_next_morning(tell, gathered, clock):
    tell("need_fits", count=10)
    assert gathered() == []
    clock.fixed = MONDAY + timedelta(hours=22)
    assert gathered() == [("daily", 10)]
    clock.move(days=2)
    assert gathered() == [("daily", 10)]


def test_nothing_is_nobodys_mail(gathered, clock):
    clock.move(days=9)
    assert gathered() == []


def test_what_waits_goes_out_as_is_wished_now(tx, person, tell, gathered, clock):
    tell("need_fits")
    set_wishes(tx, person, Wishes({"matches": "at_once"}), clock.now(), "page")
    assert gathered() == [("at_once", 1)]
    tell("need_fits")
    set_wishes(tx, person, Wishes({"matches": "site"}), clock.now(), "page")
    clock.move(days=9)
    assert gathered() == [("at_once", 1)]
    assert [one.withheld for one in tx.scalars(select(Delivery).order_by(Delivery.id))] == ["", "site"]


def test_what_was_read_on_the_site_is_not_told_again(tx, tell, gathered, clock):
    tell("need_fits", count=2)
    first = tx.scalars(select(Delivery).order_by(Delivery.id)).first()
    first.notice.read_at = clock.now()
    clock.move(days=1)
    assert gathered() == [("daily", 1)]
    assert first.withheld == "read"


def test_wishes_are_kept_once_and_stopping_twice_changes_nothing(tx, person, now):
    assert stop(tx, person, ["matches"], now)
    assert not stop(tx, person, ["matches"], now)
    tx.flush()
    events = tx.scalars(select(AuditEvent).where(AuditEvent.action == "account.mail_wishes_changed")).all()
    assert [event.record_ref for event in events] == [person.ref]
    assert tx.scalars(select(MailPreference)).one().paces == {"matches": "site"}


# --- the page ---


def test_a_person_says_how_often(tx, client, sign_in, person, tell, gathered, clock):
    sign_in(client, person)
    page = client.get("/subscriptions").text
    assert "Everything in" not in page
    assert "As usual" in page
    assert "Questions and messages" in page
    answer = client.submit(
        "/subscriptions", {"group_matches": "weekly", "hour": "6", "time_zone": "Africa/Dakar"}, form_id="wishes"
    )
    assert answer.status_code == 303
    row = tx.get(MailPreference, person.id)
    assert (row.paces, row.hour, row.time_zone) == ({"matches": "weekly"}, 6, "Africa/Dakar")
    shown = client.form("/subscriptions", form_id="wishes")
    assert (shown["group_matches"], shown["hour"]) == (["weekly"], ["6"])


def test_what_is_no_choice_is_refused(tx, client, sign_in, person):
    sign_in(client, person)
    answer = client.submit("/subscriptions", {"group_matches": "hourly"}, form_id="wishes")
    assert answer.status_code == 422
    assert "Choose one of the list." in answer.text
    assert tx.get(MailPreference, person.id) is None


def test_the_desk_and_the_account_lead_there(client, sign_in, person):
    sign_in(client, person)
    assert client.get("/desk").text.count('href="/subscriptions"') >= 2
