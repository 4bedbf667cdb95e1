"""What people are told, in words: every kind in both languages, spoken and written, and the lengths of messages."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from events.notices.kinds import KINDS
from events.notices.queries import PersonToTell, ToTell
from events.registration_receipts import SessionTime
from events.states import NoticeState, ProgrammeState, RegistrationState
from supportapp.messages import LANGUAGES, words
from supportapp.notice_words import Sender, call_text, item_text, mail_text, short_text, sms_parts

TODAY = date(2026, 11, 21)
AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
OFFICE = Sender("東大和市", "福祉課 042-346-0000")


def a_time(state=ProgrammeState.OPEN):
    starts = datetime(2026, 12, 9, 4, 30, tzinfo=UTC)
    return SessionTime(uuid4(), 1, date(2026, 12, 9), starts, starts, "中央公民館", "会議室", online=False, state=state)


def an_item(kind="session_moved", **values):
    usual = {
        "notice_id": uuid4(),
        "registration_id": uuid4(),
        "kind": kind,
        "about": "x",
        "state": NoticeState.PENDING,
        "registration_state": RegistrationState.CONFIRMED,
        "reason": "",
        "title": "はじめてのスマホ",
        "bring": "筆記用具",
        "receipt_number": "AB12",
        "sessions": (a_time(),),
        "seat_codes": ("123456",),
        "created_at": AT,
        "rank": 3,
        "reply_by": AT,
    }
    return ToTell(**{**usual, **values})


def a_person(*items):
    return PersonToTell(
        attendee_id=uuid4(), name="高橋 花子", kana="タカハシ ハナコ", way="telephone", telephones=(), proxy="",
        relation="", time_of_day="", email="", fax="", postal_code="", address="", needs=(), items=items,
        attempts=0, last_outcome="", last_try_at=None,
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [*KINDS, "reminder_3"])
@pytest.mark.parametrize("spoken", [False, True])
def test_every_kind_is_said_in_words(language, kind, spoken):
    text = item_text(words(language), an_item(kind), today=TODAY, spoken=spoken)

    assert "はじめてのスマホ" in text
    assert "{" not in text
    assert "None" not in text


def test_on_the_telephone_times_are_said_as_people_say_them():
    text = call_text(words("ja"), a_person(an_item(reason="会場の都合")), OFFICE, today=TODAY)

    assert text.startswith("東大和市です。高橋 花子様に、「はじめてのスマホ」のことでお電話しました。")
    assert "午後1時30分" in text
    assert text.endswith("理由は「会場の都合」です。")


def test_what_was_told_before_is_named():
    item = an_item("session_reopened", corrects="session_cancelled", corrected_at=AT)

    assert item_text(words("ja"), item, today=TODAY).startswith("11月20日（金）に「中止」とお知らせした件です。")


def test_a_mail_for_two_things_says_both_once():
    subject, body = mail_text(words("ja"), a_person(an_item(), an_item("lost", sessions=())), OFFICE, today=TODAY)

    assert subject == "【東大和市】はじめてのスマホ 日時・場所の変更"
    assert body.count("受付番号 AB12") == 2
    assert body.count("福祉課 042-346-0000") == 1


@pytest.mark.parametrize(("length", "parts"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3)])
def test_a_short_message_counts_as_telephone_companies_cut_it(length, parts):
    assert sms_parts("あ" * length) == parts


def test_a_rare_character_counts_twice_in_a_short_message():
    assert sms_parts("𠮷" * 35) == 1
    assert sms_parts("𠮷" * 36) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_the_text_for_line_fits(kind):
    assert len(short_text(words("ja"), a_person(an_item(kind, reason="理由" * 20)), OFFICE, today=TODAY)) <= 500
