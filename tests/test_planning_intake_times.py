"""When people may apply: as a whole and by channel; and that what took place is neither stopped nor hidden."""

from datetime import UTC, date, datetime, timedelta

import pytest

from events.errors import InvalidValue
from events.models import Workshop, WorkshopSession
from events.planning.errors import SessionHeld, WrongState
from events.planning.publishing import withdraw_workshop
from events.planning.stopping import cancel_session, cancel_workshop, postpone_session
from events.planning.windows import IntakeTimes, WindowDraft, set_intake_times
from events.programme_workshop import workshop_page
from events.registration import register_attendee
from events.registration_choices import bookable_sessions
from events.registration_errors import ChannelNotOffered, IntakeNotOpen
from events.states import Channel
from tests import builders

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
OPENS, LATER, DEADLINE = NOW - timedelta(days=1), NOW + timedelta(days=3), NOW + timedelta(days=9)
BOTH = (WindowDraft(Channel.COUNTER), WindowDraft(Channel.TELEPHONE, opens_at=LATER))


def an_intake(db):
    return builders.an_intake(db, builders.a_session(db, day=date(2026, 12, 9)))


def set_times(db, intake, windows=BOTH, opens_at=OPENS, deadline_at=DEADLINE):
    workshop = db.get(Workshop, intake.workshop_id)
    times = IntakeTimes(opens_at, deadline_at, windows)
    return set_intake_times(db, workshop_id=workshop.id, version=workshop.version, times=times, now=NOW, by="佐藤")


def apply(db, intake, channel, **values):
    person = builders.an_attendee(db)
    return register_attendee(
        db, intake_id=intake.id, attendee_id=person.id, channel=channel, now=NOW, by="佐藤", **values
    )


def test_a_channel_that_opens_later_says_when_and_staff_may_go_past_it_with_a_reason(db):
    intake = an_intake(db)
    set_times(db, intake)

    with pytest.raises(IntakeNotOpen) as refused:
        apply(db, intake, Channel.TELEPHONE)

    assert refused.value.details["opens_at"] == LATER
    assert apply(db, intake, Channel.TELEPHONE, reason="窓口に来られない").registration_id
    assert apply(db, intake, Channel.COUNTER).registration_id


def test_a_channel_that_is_not_offered_is_refused(db):
    intake = an_intake(db)
    set_times(db, intake)

    with pytest.raises(ChannelNotOffered):
        apply(db, intake, Channel.FAX)


def test_the_telephone_screen_shows_the_times_of_the_telephone(db):
    intake = an_intake(db)
    set_times(db, intake)

    row = bookable_sessions(db, municipality_code=builders.CITY, now=NOW)[0]

    assert (row.is_open, row.opens_later, row.opens_at) == (False, True, LATER)


def test_the_page_shows_the_times_and_they_can_be_taken_back(db):
    intake = an_intake(db)
    set_times(db, intake)
    assert workshop_page(db, workshop_id=intake.workshop_id).windows == (BOTH[1],)

    set_times(db, intake, windows=(WindowDraft(Channel.TELEPHONE),))

    page = workshop_page(db, workshop_id=intake.workshop_id)
    assert (page.windows, page.channels) == ((), ("telephone",))


@pytest.mark.parametrize(
    "wrong",
    [
        {"windows": ()},
        {"deadline_at": OPENS},
        {"windows": (WindowDraft(Channel.WEB, opens_at=OPENS - timedelta(days=1)),)},
        {"windows": (WindowDraft(Channel.WEB, closes_at=DEADLINE + timedelta(days=1)),)},
        {"windows": (WindowDraft(Channel.WEB, opens_at=LATER, closes_at=LATER),)},
    ],
)
def test_times_that_do_not_follow_one_another_are_refused(db, wrong):
    with pytest.raises(InvalidValue):
        set_times(db, an_intake(db), **wrong)


def test_after_the_draw_the_times_stand(db):
    intake = an_intake(db)
    intake.drawn_at = NOW
    db.flush()

    with pytest.raises(WrongState):
        set_times(db, intake)


STOPPING = {"reason": "講師の都合", "now": NOW, "by": "佐藤"}


def a_past_session(db) -> WorkshopSession:
    session = builders.a_session(db, day=date(2026, 11, 18))
    builders.an_intake(db, session)
    return session


@pytest.mark.parametrize("stop", [cancel_session, postpone_session])
def test_a_session_that_took_place_is_not_stopped(db, stop):
    with pytest.raises(SessionHeld):
        stop(db, session_id=a_past_session(db).id, **STOPPING)


@pytest.mark.parametrize("stop", [cancel_workshop, withdraw_workshop])
def test_a_workshop_that_took_place_is_neither_cancelled_nor_hidden(db, stop):
    workshop = db.get(Workshop, a_past_session(db).workshop_id)

    with pytest.raises(SessionHeld):
        stop(db, workshop_id=workshop.id, version=workshop.version, **STOPPING)
