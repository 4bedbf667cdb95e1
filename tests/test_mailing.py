"""Mails against a real SMTP server: delivered with their calendar entry, refused, away and back, and never twice."""

import asyncio
import socket
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes
from email.policy import default

import icalendar
import pytest
from aiosmtpd.controller import Controller
from sqlmodel import select

from events.models import ContactPoint, Notice
from events.notices.mail_queue import LENT, send_again, take_mails
from events.planning.drafts import SessionEdit
from events.planning.editing import edit_session
from events.planning.stopping import cancel_session
from events.registration import register_attendee
from events.states import Channel, NoticeState
from supportapp.backend import Backend
from supportapp.identity import Actor, Role
from supportapp.mailing import MailRound, keep_mailing, send_mails_once
from supportapp.settings import Settings
from tests import builders

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
OFFICE = Actor("佐藤", Role.LOCAL, builders.CITY)
REFUSED, BUSY = "gone@example.jp", "busy@example.jp"


class Postbox:
    """What a mail server keeps: one mail for each Message-ID, as servers that know a mail already do."""

    def __init__(self):
        self.mails = {}
        self.handed_over = 0

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 -- aiosmtpd's name
        if address == REFUSED:
            return f"550 5.1.1 <{REFUSED}> no such user"
        if address == BUSY:
            return "451 4.7.1 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 -- aiosmtpd's name
        mail = message_from_bytes(envelope.content, policy=default)
        self.handed_over += 1
        self.mails.setdefault(mail["Message-ID"], (mail, envelope.content))
        return "250 OK"

    def only(self):
        ((mail, _),) = self.mails.values()
        return mail

    def newest(self):
        return list(self.mails.values())[-1][0]


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def postbox():
    return Postbox()


@pytest.fixture
def server(postbox, port):
    running = Controller(postbox, hostname="127.0.0.1", port=port)
    running.start()
    yield running
    running.stop()


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def office(database, port):
    """A backend whose clock stands, and settings that name the mail server."""
    backend = Backend(database, clock=Clock())
    settings = Settings(
        smtp_host="127.0.0.1", smtp_port=port, smtp_security="none", smtp_from="kouza@city.example.jp",
        calendar_domain="city.example.jp",
    )
    return backend, settings


def send(office, after=timedelta(minutes=6)):
    backend, settings = office
    backend.clock.now += after
    return send_mails_once(backend, settings)


def a_booking(office, address="hanako@example.jp", **values):
    """A person who prefers mail and has a seat; the session."""
    backend = office[0]

    def book(db):
        builders.a_municipality(db, contact_name="福祉課", contact_telephone="042-346-0000")
        person = builders.an_attendee(db, notice_by="email")
        db.add(
            ContactPoint(
                municipality_code=builders.CITY, attendee_id=person.id, kind="email", value=address, value_key=address
            )
        )
        session = builders.a_session(db, day=date(2026, 12, 9))
        intake = builders.an_intake(db, session)
        register_attendee(
            db, intake_id=intake.id, attendee_id=person.id, channel=Channel.POSTCARD, now=NOW, by="佐藤"
        )
        return session.id

    return backend.run_now(OFFICE, book)


def notices(office):
    def read(db):
        return [(each.kind, each.state, each.failure) for each in db.exec(select(Notice).order_by(Notice.created_at))]

    return office[0].read_now(OFFICE, read)


def entry_of(mail):
    (part,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    calendar = icalendar.Calendar.from_ical(part.get_content() if part.get_content_charset() else part.get_payload())
    return part.get_param("method"), calendar, calendar.walk("VEVENT")[0]


def test_a_mail_says_everything_in_japanese_and_carries_the_entry_for_the_calendar(office, server, postbox):
    session_id = a_booking(office)
    assert send(office, timedelta(minutes=4)) == MailRound()  # a pause in which it can be taken back
    assert send(office) == MailRound(sent=1)

    mail = postbox.only()
    assert (mail["To"], mail["From"].addresses[0].addr_spec) == ("hanako@example.jp", "kouza@city.example.jp")
    assert mail["Subject"] == "【東大和市】はじめてのスマホ 席が決まりました"
    body = mail.get_body(("plain",)).get_content()
    assert "高橋 花子 様" in body
    assert "12月9日（水） 13:30–15:30" in body
    assert "福祉課 042-346-0000" in body
    method, calendar, entry = entry_of(mail)
    assert (method, calendar["METHOD"], entry["UID"]) == (
        "REQUEST", "REQUEST", f"session-{session_id}@city.example.jp",
    )
    assert entry["ATTENDEE"] == "mailto:hanako@example.jp"
    assert notices(office) == [("confirmed", NoticeState.DONE, "")]


def test_a_changed_and_a_cancelled_session_change_the_same_entry(office, server, postbox):
    session_id = a_booking(office)
    send(office)
    first = entry_of(postbox.newest())[2]
    edit = SessionEdit(starts=time(10))
    change = {"session_id": session_id, "by": "佐藤", "reason": "会場の都合"}
    office[0].run_now(OFFICE, edit_session, version=1, edit=edit, now=office[0].clock(), **change)
    send(office)
    moved = entry_of(postbox.newest())[2]
    office[0].run_now(OFFICE, cancel_session, now=office[0].clock(), **change)
    send(office)
    method, _, cancelled = entry_of(postbox.newest())

    assert {first["UID"], moved["UID"]} == {cancelled["UID"]}
    assert first["SEQUENCE"] < moved["SEQUENCE"] < cancelled["SEQUENCE"]
    assert (method, cancelled["STATUS"]) == ("CANCEL", "CANCELLED")
    assert "「日時・場所の変更」とお知らせした件です" in postbox.newest().get_body(("plain",)).get_content()


def test_a_refused_address_is_shown_with_its_reason_and_can_be_tried_again(office, server, postbox):
    a_booking(office, REFUSED)
    assert send(office) == MailRound(failed=1)

    ((kind, state, failure),) = notices(office)
    assert (kind, state, failure) == ("confirmed", NoticeState.FAILED, "550 5.1.1 <…> no such user")
    assert send(office, timedelta(days=1)) == MailRound()
    notice_id = office[0].read_now(OFFICE, lambda db: db.exec(select(Notice.id)).one())
    office[0].run_now(OFFICE, send_again, notice_id=notice_id, now=office[0].clock())
    assert send(office) == MailRound(failed=1)


def test_a_busy_server_is_tried_again_later_and_given_up_after_two_days(office, server, postbox):
    a_booking(office, BUSY)
    assert send(office) == MailRound(failed=1)
    assert send(office, timedelta(seconds=30)) == MailRound()
    assert send(office, timedelta(minutes=1)) == MailRound(failed=1)
    assert notices(office)[0][1] is NoticeState.PENDING
    assert send(office, timedelta(days=3)) == MailRound(failed=1)
    assert notices(office)[0][1] is NoticeState.FAILED


def test_a_server_that_is_away_and_back_gets_the_mail_once(office, postbox, port):
    a_booking(office)
    assert send(office) == MailRound(failed=1)
    back = Controller(postbox, hostname="127.0.0.1", port=port)
    back.start()
    try:
        assert send(office, timedelta(minutes=2)) == MailRound(sent=1)
        assert send(office, timedelta(hours=5)) == MailRound()
    finally:
        back.stop()
    assert postbox.handed_over == 1


def test_after_a_crash_between_sending_and_noting_the_same_mail_goes_out_and_is_kept_once(office, server, postbox):
    a_booking(office)
    backend, settings = office

    class PowerCut(BaseException):
        pass

    def dies(actor, use_case, **values):
        if use_case.__name__ == "note_mail_sent":
            raise PowerCut
        return Backend.run_now(backend, actor, use_case, **values)

    backend.clock.now += timedelta(minutes=6)
    dying = Dying(backend, dies)
    with pytest.raises(PowerCut):
        send_mails_once(dying, settings)
    first = next(iter(postbox.mails.values()))[1]

    assert send(office, LENT - timedelta(minutes=1)) == MailRound()  # still lent to the process that died
    assert send(office, timedelta(minutes=2)) == MailRound(sent=1)
    assert (postbox.handed_over, len(postbox.mails)) == (2, 1)
    assert next(iter(postbox.mails.values()))[1] == first
    assert [state for _, state, _ in notices(office)] == [NoticeState.DONE]


class Dying:
    """The same backend, until something pulls the plug."""

    def __init__(self, backend, run_now):
        self.read_now, self.clock, self.run_now = backend.read_now, backend.clock, run_now


def test_two_processes_never_send_the_same_mail(office):
    a_booking(office)
    backend = office[0]
    later = NOW + timedelta(minutes=6)
    first = backend.run_now(OFFICE, take_mails, municipality_code=builders.CITY, now=later)
    second = backend.run_now(OFFICE, take_mails, municipality_code=builders.CITY, now=later)

    assert (len(first), len(second)) == (1, 0)


def test_without_a_mail_server_mails_wait(office):
    backend, settings = office
    a_booking(office)
    asyncio.run(keep_mailing(backend, replace(settings, smtp_host="")))
    assert notices(office) == [("confirmed", NoticeState.PENDING, "")]
