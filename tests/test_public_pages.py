"""The public pages over HTTP: what is on, apply, look up, cancel; what a stranger learns, and what is refused."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from events.japan.clock import at_tokyo
from events.models import (
    Attendee,
    ChannelWindow,
    Choice,
    Consent,
    Municipality,
    Notice,
    Registration,
    Workshop,
    WorkshopSession,
)
from events.notices.kinds import CANCEL_CHECK
from events.planning.intakes import make_slots
from events.public_application import PURPOSE
from events.public_programme import PUBLIC_PAGES
from events.states import Channel, IntakeMethod, IntakeUnit, ProgrammeState, RegistrationState, WorkshopKind
from supportapp.backend import Backend
from supportapp.database import Database
from supportapp.messages import EASY, catalogue
from supportapp.public.limits import Allowance
from supportapp.public.receipts import MOST_WRONG_TRIES, SPAN
from supportapp.public.router import SENDING
from tests.builders import CITY, NOW, TODAY, a_municipality, a_room, a_seat, a_session, a_venue, a_workshop, an_intake
from tests.public_visitor import Visitor, a_visitor

NEXT_WEEK = TODAY + timedelta(days=7)

TYPED = {"name": "高橋 花子", "kana": "たかはし はなこ", "telephone": "0423001234", "consent": "yes"}


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Database:
    """SQLite; what is marked with ``both`` asks the database in earnest and runs on PostgreSQL too."""
    found: Database = request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_database")
    return found


both = pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def backend(database: Database, clock: Clock) -> Iterator[Backend]:
    opened = Backend(database, clock=clock)
    yield opened
    opened._readers.shutdown()
    opened._writers.shutdown()


@pytest.fixture
def visitor(backend: Backend) -> Visitor:
    return a_visitor(backend)


@pytest.fixture
def offer(database: Database) -> Callable[..., str]:
    """Make a workshop with one session next week that takes applications, and give the address of its page."""

    def make(*, seats: int = 10, more_sessions: int = 0, session: dict | None = None, intake: dict | None = None, **of):
        with database.writing() as db:
            a_municipality(db, contact_name="デジタル推進課", contact_telephone="(042)563-2111")
            workshop = a_workshop(db, **of)
            first = a_session(db, day=NEXT_WEEK, seats=seats, workshop_id=workshop.id, **(session or {}))
            rest = [
                a_session(db, day=NEXT_WEEK + timedelta(days=7 * n), seats=seats, workshop_id=workshop.id, number=n + 1)
                for n in range(1, more_sessions + 1)
            ]
            made = an_intake(db, first, *rest, **(intake or {}))
            if made.unit is IntakeUnit.SLOTS:
                make_slots(db, first, minutes=30)
            return f"/apply/workshop/{workshop.id}"

    return make


def registrations(database: Database) -> list[Registration]:
    with database.reading() as db:
        return list(db.exec(select(Registration).order_by(col(Registration.number))).all())


def change(database: Database, table: type, **values: object) -> None:
    with database.writing() as db:
        for row in db.exec(select(table)).all():
            for name, value in values.items():
                setattr(row, name, value)


# ── what is on ─────────────────────────────────────────────────────────────────────────────────────────────────────


@both
def test_the_list_shows_what_comes_and_how_it_stands(visitor, offer):
    offer(title="はじめてのスマホ", seats=2)

    words = visitor.opens(f"/apply/{CITY}/").words

    assert "はじめてのスマホ" in words
    assert "12月2日（水） 13:30–15:30" in words
    assert "残り2席" in words
    assert "1件の講座" in words


@both
def test_drafts_and_what_is_over_are_not_shown_and_cancelled_sessions_are_shown_as_such(visitor, offer, database):
    offer(title="下書きの講座", state=ProgrammeState.DRAFT)
    offer(title="中止の講座", session={"state": ProgrammeState.CANCELLED})
    with database.writing() as db:
        a_session(db, workshop_id=a_workshop(db, title="昨日の講座").id, day=TODAY - timedelta(days=1))
        a_session(db, workshop_id=a_workshop(db, title="始まった講座").id, day=TODAY, start=time(10))

    words = visitor.opens(f"/apply/{CITY}/").words

    assert "下書きの講座" not in words
    assert "昨日の講座" not in words
    assert "始まった講座" not in words
    assert "中止の講座 12月2日" in words
    assert "中止" in words.split("中止の講座")[1]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("kind=class", "教室の講座"),
        ("town=南街", "南街の講座"),
        ("from=12月5日", "あとの講座"),
        ("from=R8.12.5", "あとの講座"),
    ],
)
def test_the_list_is_filtered_without_javascript(visitor, offer, database, query, shown):
    offer(title="教室の講座", kind=WorkshopKind.CLASS)
    with database.writing() as db:
        venue = a_venue(db, town="南街")
        a_session(db, day=NEXT_WEEK, venue_id=venue.id, workshop_id=a_workshop(db, title="南街の講座").id)
        a_session(db, day=NEXT_WEEK + timedelta(days=7), workshop_id=a_workshop(db, title="あとの講座").id)

    words = visitor.opens(f"/apply/{CITY}/?{query}").words

    assert [title for title in ("教室の講座", "南街の講座", "あとの講座") if title in words] == [shown]


def test_a_date_that_cannot_be_read_stays_with_a_sentence(visitor, offer):
    offer()

    words = visitor.opens(f"/apply/{CITY}/?from=いつか").words

    assert "「いつか」は日付として読めません" in words
    assert 'value="いつか"' in visitor.html


@pytest.mark.parametrize("language", ["", "?lang=en", "?lang=easy"])
def test_every_page_is_small_whatever_the_number_of_workshops(visitor, offer, database, language):
    path = offer(summary="内容。" * 600, more_sessions=9)
    with database.writing() as db:
        for number in range(60):
            workshop = a_workshop(db, title=f"とても長い名前のスマートフォン講座 その{number}")
            for week in range(4):
                a_session(db, day=NEXT_WEEK + timedelta(days=7 * week), workshop_id=workshop.id)

    for address in (f"/apply/{CITY}/{language}", f"{path}{language}", f"/apply/receipt{language}"):
        assert len(visitor.opens(address).html.encode()) < 50_000
    style = re.search(r'href="(/public/[^"]+)"', visitor.html)
    assert style is not None
    assert len(visitor.opens(style[1]).html.encode()) < 10_000


def test_the_pages_of_a_long_list_lead_on_to_each_other(visitor, database):
    with database.writing() as db:
        for number in range(20):
            a_session(db, day=NEXT_WEEK, workshop_id=a_workshop(db, title=f"講座{number:02}").id)

    first = visitor.opens(f"/apply/{CITY}/?lang=en").words
    second = visitor.opens(f"/apply/{CITY}/?page=2&lang=en").words

    assert "Next page" in first
    assert "講座19" in second
    assert "Next page" not in second


def test_an_address_without_its_last_slash_leads_to_the_page(visitor, offer):
    offer()

    assert visitor.opens(f"/apply/{CITY}?lang=en").words.startswith("東大和市")
    assert str(visitor.response.url).endswith(f"/apply/{CITY}/?lang=en")


@both
def test_a_workshop_says_what_where_and_how_to_apply_in_every_way(visitor, offer, database):
    path = offer(
        summary="ゆっくり練習します。",
        bring="筆記用具",
        intake={"channels": ["telephone", "postcard", "web"], "deadline_at": at_tokyo(NEXT_WEEK, time(9))},
    )
    with database.writing() as db:
        venue = db.exec(select(WorkshopSession)).one()
        room = a_room(
            db, venue_id=a_venue(db, name="南街公民館", address="南街1-1", latitude=35.75, longitude=139.42).id
        )
        venue.venue_id, venue.room_id = room.venue_id, room.id

    words = visitor.opens(path).words

    assert "南街公民館" in words
    assert "南街1-1" in words
    assert "https://maps.gsi.go.jp/#17/35.750000/139.420000/" in visitor.html
    assert "(042)563-2111 へお電話ください。" in words
    assert "はがき 講座名、希望の日" in words
    assert "（必着）" in words
    assert "筆記用具" in words


@pytest.mark.parametrize(
    "address", [f"/apply/{CITY}/", "/apply/999999/", "/apply/workshop/nothing", f"/apply/workshop/{UUID(int=7)}"]
)
def test_what_is_not_there_is_a_page_that_says_so(visitor, address):
    visitor.opens(address)

    assert visitor.status == 404
    assert "この画面はありません" in visitor.words


@both
def test_a_municipality_switches_its_pages_off(visitor, offer, database):
    path = offer()
    visitor.applies(path)
    number = visitor.receipt_number
    with database.writing() as db:
        db.get_one(Municipality, CITY).settings = {PUBLIC_PAGES: False}

    assert visitor.opens(f"/apply/{CITY}/").status == 404
    assert visitor.opens(path).status == 404
    assert visitor.opens("/apply/receipt").sends("/apply/receipt", number=number, tail="1234").status == 422


@both
def test_nobody_who_attends_and_nothing_internal_leaves(visitor, offer, database):
    path = offer()
    with database.writing() as db:
        session = db.exec(select(WorkshopSession)).one()
        session.note, session.online_url = "内部メモ", "https://meet.example/secret"
        db.exec(select(Workshop)).one().improve_next = "次は改善"
        a_seat(db, session, an_intake(db, session))

    seen = visitor.opens(path).html + visitor.opens(f"/apply/{CITY}/").html

    assert not [word for word in ("参加 ", "タカハシ", "内部メモ", "meet.example", "次は改善") if word in seen]


# ── applying ───────────────────────────────────────────────────────────────────────────────────────────────────────


@both
def test_an_application_gets_a_seat_and_a_number_to_keep(visitor, offer, database):
    visitor.applies(offer(), needs=["wheelchair"], town="中央1丁目", age_band="75-79", companions="1")

    assert visitor.status == 200
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}", visitor.receipt_number)
    assert "席をおとりしました" in visitor.words
    (made,) = registrations(database)
    assert (made.state, made.channel, made.companions, made.taken_by) == (
        RegistrationState.CONFIRMED, Channel.WEB, 1, "web",
    )  # fmt: skip
    with database.reading() as db:
        person = db.exec(select(Attendee)).one()
        assert (person.name, person.needs, person.town, person.age_band) == (
            "高橋 花子", ["wheelchair"], "中央1丁目", "75-79",
        )  # fmt: skip
        consent = db.exec(select(Consent)).one()
        assert (consent.attendee_id, consent.purpose, consent.channel) == (person.id, PURPOSE, "web")


@both
def test_when_it_is_full_one_joins_the_waiting_list_with_a_rank(visitor, offer):
    path = offer(seats=1)
    visitor.applies(path)

    visitor.applies(path, name="山田 太郎", kana="やまだ たろう", telephone="042-300-9999")

    assert "キャンセル待ちです" in visitor.words
    assert "今1番目です" in visitor.words


@both
def test_where_lots_are_drawn_one_is_in_the_draw(visitor, offer, database):
    visitor.applies(offer(intake={"method": IntakeMethod.DRAW, "result_notice_on": TODAY + timedelta(days=3)}))

    assert "抽選を待っています" in visitor.words
    assert "11月28日（土）ごろ" in visitor.words
    assert registrations(database)[0].state is RegistrationState.WAITING_DRAW


@both
def test_a_course_is_applied_to_as_a_whole(visitor, offer, database):
    path = offer(more_sessions=2, intake={"unit": IntakeUnit.COURSE})

    assert "全3回のコース" in visitor.opens(path).words
    visitor.applies(path)

    assert visitor.words.count("13:30–15:30") == 3


@both
def test_a_first_and_a_second_choice_are_kept_in_order(visitor, offer, database):
    path = offer(more_sessions=2, intake={"unit": IntakeUnit.CHOICE, "method": IntakeMethod.DRAW})
    first, second, third = visitor.opens(path).options("session")

    visitor.applies(path, session=third, session2=first, session3=third)

    with database.reading() as db:
        kept = db.exec(select(Choice.session_id).order_by(col(Choice.rank))).all()
    assert [str(session_id) for session_id in kept] == [third.split(":")[1], first.split(":")[1]]
    assert second


@both
def test_a_time_at_a_consultation_table_is_chosen(visitor, offer):
    path = offer(seats=4, intake={"unit": IntakeUnit.SLOTS})
    visitor.opens(path)
    times = re.findall(r'<option value="([^"]+@[^"]+)"', visitor.html)

    visitor.applies(path, slot=times[1].replace("&#43;", "+"))

    assert len(times) == 4
    assert "時刻 12月2日（水） 14:00" in visitor.words


@both
def test_a_form_that_is_sent_twice_takes_one_seat_and_says_the_same(visitor, offer, database):
    path = offer()
    visitor.opens(path)
    sent = {**visitor.hidden(), "session": visitor.options("session")[0], **TYPED}

    first = visitor.sends(path, **sent).receipt_number
    again = visitor.sends(path, **sent).receipt_number

    assert first == again
    assert len(registrations(database)) == 1


@both
@pytest.mark.parametrize("method", [IntakeMethod.FIRST_COME, IntakeMethod.DRAW])
@pytest.mark.parametrize("seats", [1, 10])
def test_a_second_application_of_a_person_looks_from_outside_like_a_first(visitor, offer, database, seats, method):
    path = offer(seats=seats, intake={"method": method})
    first = visitor.applies(path).receipt_number
    stranger = visitor.applies(path, name="佐藤 一郎", kana="さとう いちろう", telephone="042-300-7777").words

    visitor.applies(path)

    assert visitor.status == 200
    assert first not in visitor.html
    assert without_number(visitor.words) == without_number(stranger)
    *_, apart = registrations(database)
    assert (apart.state, apart.state_reason) == (RegistrationState.REFUSED, "同じ人の先の申込があるため（ウェブ）")
    with database.reading() as db:
        session = db.exec(select(WorkshopSession)).one()
        assert session.confirmed_count == (0 if method is IntakeMethod.DRAW else min(seats, 2))


def without_number(words: str) -> str:
    return re.sub(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}|今[12]番目", "", words)


@both
def test_a_second_application_that_is_taken_back_leaves_the_first_and_asks_the_office_to_call(visitor, offer, database):
    path = offer()
    visitor.applies(path)
    second = visitor.applies(path).receipt_number

    looks_up(visitor, second, "1234")
    assert "席をおとりしました" in visitor.words
    visitor.sends("/apply/receipt", number=second, tail="1234", step="cancel")

    assert "取り消しました" in visitor.words
    assert [each.state for each in registrations(database)] == [
        RegistrationState.CONFIRMED, RegistrationState.CANCELLED_BY_PERSON,
    ]  # fmt: skip
    with database.reading() as db:
        assert db.exec(select(Notice.kind)).all() == [CANCEL_CHECK]


@both
def test_what_is_known_of_a_person_is_neither_shown_nor_changed_from_outside(visitor, offer, database):
    visitor.applies(offer(title="一つ目"), town="中央")

    visitor.applies(offer(title="二つ目"), town="狭山", needs=["hearing"], needs_note="前の席")

    assert "中央" not in visitor.words.replace("中央公民館", "")
    with database.reading() as db:
        person = db.exec(select(Attendee)).one()
        assert (person.town, person.needs) == ("中央", [])
    assert registrations(database)[-1].note == "ウェブの申込で書かれた配慮：聞こえにくい、前の席"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"name": ""}, "お名前必須 入力してください。"),
        ({"name": "あ" * 300}, "300文字あります。100文字までにしてください。"),
        ({"name": "高橋\x00花子"}, "使えない文字が入っています。"),
        ({"kana": ""}, "入力してください。"),
        ({"telephone": "☎️📞"}, "電話番号として読めません。"),
        ({"telephone": "12"}, "電話番号として読めません。"),
        ({"telephone": ""}, "電話番号か、ほかの連絡先のどちらかを入力してください。"),
        ({"other": "ここ@"}, "メールアドレスとして読めません。"),
        ({"age_band": "17"}, "一覧から選んでください。"),
        ({"companions": "500"}, "一覧から選んでください。"),
        ({"session": "どれでも"}, "希望の回を一つ選んでください。"),
        ({"consent": None}, "利用目的を読んで、同意の欄に印を付けてください。"),
        ({"needs_note": "1234 5678 9018"}, "マイナンバー（個人番号）のようです。"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_rest_stays(visitor, offer, database, values, sentence):
    visitor.applies(offer(), **{"town": "中央1丁目", **values})

    assert visitor.status == 422
    assert sentence in visitor.words
    assert "直していただきたいところが1か所あります" in visitor.words
    assert 'value="中央1丁目"' in visitor.html
    assert registrations(database) == []


def test_everything_that_is_wrong_is_said_at_once(visitor, offer):
    visitor.applies(offer(), name="", kana="あ" * 200, telephone="", consent=None)

    assert "4か所" in visitor.words


def test_a_my_number_is_not_shown_again(visitor, offer):
    visitor.applies(offer(), needs_note="１２３４-5678－９０１８", name="123456789018")

    assert "9018" not in visitor.html
    assert "９０１８" not in visitor.html


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", '=HYPERLINK("http://x")', "𠮷田 🌸", "髙橋・Anne-Marie"])
def test_a_name_that_is_html_a_formula_or_an_emoji_is_text(visitor, offer, database, name):
    visitor.applies(offer(), name=name, telephone="")
    assert "<script>" not in visitor.html

    visitor.applies(offer(), name=name)

    assert visitor.status == 200
    with database.reading() as db:
        assert db.exec(select(Attendee.name)).one() == name


@pytest.mark.parametrize(
    ("window", "sentence"),
    [
        ({"opens_at": NOW + timedelta(days=1)}, "この画面からの申込は、今は受け付けていません"),
        ({"closes_at": NOW - timedelta(days=1)}, "この画面からの申込は、今は受け付けていません"),
    ],
)
def test_outside_of_the_web_window_there_is_no_form(visitor, offer, database, window, sentence):
    path = offer()
    with database.writing() as db:
        intake_id = db.exec(select(Registration.intake_id)).first() or _only_intake(db)
        db.add(ChannelWindow(intake_id=intake_id, channel=Channel.WEB, **window))

    assert sentence in visitor.opens(path).words
    assert "お名前" not in visitor.words


def _only_intake(db: Session):
    from events.models import Intake

    return db.exec(select(Intake.id)).one()


def test_a_form_that_comes_after_the_deadline_is_told_so_and_keeps_what_was_typed(visitor, offer, database, clock):
    path = offer(intake={"deadline_at": NOW + timedelta(minutes=5)})
    visitor.opens(path)
    sent = {**visitor.hidden(), "session": visitor.options("session")[0], **TYPED}
    clock.now = NOW + timedelta(minutes=10)

    visitor.sends(path, **sent)

    assert visitor.status == 422
    assert registrations(database) == []


def test_a_workshop_without_the_web_channel_has_no_form(visitor, offer):
    path = offer(intake={"channels": ["telephone"]})

    assert "お名前" not in visitor.opens(path).words


# ── forged forms ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_form_from_another_site_is_refused(visitor, offer, database):
    path = offer()
    visitor.opens(path)

    visitor.sends(path, origin="https://evil.example", name="高橋", session=visitor.options("session")[0])

    assert (visitor.status, registrations(database)) == (403, [])
    assert "ほかのサイトから送られた申込は受け付けません" in visitor.words


def test_behind_a_proxy_the_public_address_is_ours_and_an_empty_origin_is_not(backend, offer):
    path = offer()
    visitor = a_visitor(backend, public_address="https://kouza.example.jp")
    sent = {"session": visitor.opens(path).options("session")[0], **TYPED}

    assert visitor.sends(path, origin="https://kouza.example.jp", **sent).status == 200
    assert visitor.opens(path).sends(path, origin="null", **sent).status == 403


@pytest.mark.parametrize("seal", ["", "1.a.b", "9" * 400, "..", "1700000000.abc." + "0" * 40])
def test_a_form_without_its_seal_is_not_taken_but_kept_on_the_screen(visitor, offer, database, seal):
    visitor.applies(offer(), seal=seal, name="残る 名前")

    assert (visitor.status, registrations(database)) == (403, [])
    assert 'value="残る 名前"' in visitor.html
    assert "もう一度ボタンを押してください" in visitor.words


def test_a_seal_of_another_browser_or_another_form_does_not_fit(visitor, offer, backend, database):
    path, other = offer(title="一つ目"), offer(title="二つ目")
    seal = a_visitor(backend).opens(path).hidden()["seal"]

    assert visitor.applies(path, seal=seal).status == 403
    foreign = visitor.opens(other).hidden()["seal"]
    assert visitor.applies(path, seal=foreign).status == 403
    assert registrations(database) == []


def test_a_seal_lasts_a_day(visitor, offer, clock, database):
    path = offer()
    seal = visitor.opens(path).hidden()["seal"]
    clock.now = NOW + timedelta(hours=25)

    assert visitor.applies(path, seal=seal).status == 403


@both
def test_two_processes_on_one_database_know_each_others_seals(visitor, offer, database, clock):
    path = offer()
    visitor.opens(path)
    other = a_visitor(Backend(database, clock=clock))
    other.client.cookies = visitor.client.cookies
    other.response = visitor.response

    other.sends(
        path, session=visitor.options("session")[0], name="高橋", kana="たかはし", telephone="0423001234", consent="1"
    )

    assert other.status == 200


def test_a_body_that_is_too_large_or_not_a_form_is_refused(visitor, offer):
    path = offer()
    visitor.opens(path)

    assert visitor.sends(path, needs_note="あ" * 40_000).status == 413
    form = visitor.client.post(path, json={"name": "x"})
    broken = visitor.client.post(
        path, content=b"name=%ff", headers={"Content-Type": "application/x-www-form-urlencoded"}
    )

    assert (form.status_code, broken.status_code) == (415, 415)


def test_the_headers_keep_the_page_to_itself(visitor, offer):
    headers = visitor.opens(offer()).response.headers

    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    cookie = headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "<script" not in visitor.html
    assert "style=" not in visitor.html.replace('rel="stylesheet"', "")


def test_a_flood_of_forms_waits_and_the_pages_still_open(backend, offer, database):
    path = offer(seats=10)
    visitor = a_visitor(backend, sending=(3, 0.001)).opens(path)

    answers = [visitor.sends(path, seal="").status for _ in range(5)]

    assert answers == [403, 403, 403, 429, 429]
    assert visitor.response.headers["retry-after"] == "2"
    assert visitor.opens(path).status == 200


def test_an_address_that_was_quiet_for_a_second_may_send_again():
    seconds = iter([0.0, 0.0, 0.0, 0.1, 1.1])
    allowance = Allowance(2, 1, clock=lambda: next(seconds))

    assert [allowance.takes("a library") for _ in range(5)] == [True, True, False, False, True]


def test_thirty_people_at_a_library_send_their_forms_in_the_same_second():
    allowance = Allowance(*SENDING, clock=lambda: 0.0)

    assert all(allowance.takes("a library") for _ in range(30 * 4))


# ── look up and cancel ─────────────────────────────────────────────────────────────────────────────────────────────


def looks_up(visitor: Visitor, number: str, tail: str) -> Visitor:
    return visitor.opens("/apply/receipt").sends("/apply/receipt", number=number, tail=tail)


@pytest.mark.parametrize("tail", ["1234", "１２３４", "042-300-1234"])
def test_an_application_is_looked_up_as_people_copy_numbers(visitor, offer, tail):
    number = visitor.applies(offer()).receipt_number

    looks_up(visitor, number.lower().replace("-", " "), tail)

    assert "席をおとりしました" in visitor.words
    assert "高橋" not in visitor.words


def test_somebody_without_a_telephone_uses_their_mail_address(visitor, offer):
    number = visitor.applies(offer(), telephone="", other="Hanako＠example.jp").receipt_number

    assert looks_up(visitor, number, "hanako@example.jp").status == 200
    assert looks_up(visitor, number, "1234").status == 422


@both
def test_cancelling_is_asked_twice_and_gives_the_seat_to_the_next(visitor, offer, database):
    path = offer(seats=1)
    number = visitor.applies(path).receipt_number
    visitor.applies(path, name="次 の人", kana="つぎ のひと", telephone="042-300-5555")

    looks_up(visitor, number, "1234").sends("/apply/receipt", step="ask")
    assert "本当に取り消しますか" in visitor.words
    visitor.sends("/apply/receipt", step="cancel")

    assert "取り消しました" in visitor.words
    assert "申込を取り消す" not in visitor.words
    assert [each.state for each in registrations(database)] == [
        RegistrationState.CANCELLED_BY_PERSON, RegistrationState.OFFERED,
    ]  # fmt: skip


def test_what_has_begun_cannot_be_cancelled(visitor, offer, database, clock):
    number = visitor.applies(offer()).receipt_number
    clock.now = at_tokyo(NEXT_WEEK, time(14))

    looks_up(visitor, number, "1234")
    assert "申込を取り消す" not in visitor.words
    visitor.opens("/apply/receipt").sends("/apply/receipt", step="cancel", number=number, tail="1234")

    assert "もう始まっているか" in visitor.words
    assert registrations(database)[0].state is RegistrationState.CONFIRMED


@both
def test_five_wrong_tries_close_a_number_for_an_hour_and_nothing_else(visitor, offer, clock):
    path = offer()
    number = visitor.applies(path).receipt_number
    other = visitor.applies(path, name="佐藤 一郎", kana="さとう", telephone="042-300-7777").receipt_number
    unknown = looks_up(visitor, "0000-0000-0000", "1234").words

    wrong = [looks_up(visitor, number, f"{guess:04}").words for guess in range(MOST_WRONG_TRIES)]
    right = looks_up(visitor, number, "1234")

    assert {without_number(words) for words in [*wrong, right.words]} == {without_number(unknown)}
    assert looks_up(visitor, other, "7777").status == 200
    clock.now += SPAN + timedelta(seconds=1)
    assert looks_up(visitor, number, "1234").status == 200


def test_a_thousand_guesses_get_nowhere_and_the_same_address_is_not_shut_out(visitor, offer):
    number = visitor.applies(offer()).receipt_number
    visitor.opens("/apply/receipt")

    answers = {
        visitor.sends("/apply/receipt", number=f"{guess:04}-{guess:04}-{guess:04}", tail="1234").status
        for guess in range(1000)
    }

    assert answers == {422}
    assert looks_up(visitor, number, "1234").status == 200


@both
def test_an_application_taken_on_the_telephone_is_looked_up_too(visitor, database, offer):
    offer()
    with database.writing() as db:
        from events.attendee_facts import AttendeeFacts, ContactFacts
        from events.attendees import add_attendee
        from events.registration import register_attendee
        from events.states import ContactKind

        facts = AttendeeFacts(
            name="田中 良子", kana="タナカ", contacts=(ContactFacts(ContactKind.TELEPHONE, "090-1111-2222"),)
        )
        person = add_attendee(db, municipality_code=CITY, facts=facts, now=NOW)
        number = register_attendee(
            db,
            intake_id=_only_intake(db),
            attendee_id=person.attendee_id,
            channel=Channel.TELEPHONE,
            now=NOW,
            by="佐藤",
        ).receipt_number

    assert "席をおとりしました" in looks_up(visitor, number, "2222").words


# ── languages ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("language", "word"), [("en", "Apply on this page"), ("easy", "この ページで 申しこむ")])
def test_the_language_stands_in_the_address_and_goes_along(visitor, offer, language, word):
    path = offer()

    assert word in visitor.opens(f"{path}?lang={language}").words
    assert f'href="/apply/{CITY}/?lang={language}"' in visitor.html
    assert f'action="{path}?lang={language}#apply"' in visitor.html
    assert "set-cookie" not in visitor.opens(f"/apply/{CITY}/?lang={language}").response.headers


def test_readings_stand_above_characters_and_never_as_signs(visitor, offer):
    path = offer(title="《題名》")

    visitor.opens(f"{path}?lang=easy")

    assert "<ruby>申<rp>" in visitor.html
    assert "《" not in visitor.html.replace("《題名》", "")


TEMPLATES = sorted((Path(__file__).parent.parent / "supportapp" / "public" / "templates").glob("*.html"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_sentence_a_template_asks_for_is_there(template):
    asked = re.findall(r'(?:say|words)\("([a-z_.]+[a-z_])"[),]', template.read_text("utf-8"))

    assert [key for key in asked if key not in catalogue("ja")] == []


def test_everything_on_public_pages_is_said_in_easy_japanese_with_the_same_values():
    office = re.compile(r"public\.(office\..*|note_needs|between|language_..*)")
    easy, usual = catalogue(EASY), catalogue("ja")
    values = re.compile(r"\{(\w+)\}")

    assert {key for key in usual if key.startswith("public.") and not office.fullmatch(key)} == set(easy)
    assert [key for key in easy if not set(values.findall(easy[key])) <= set(values.findall(usual[key]))] == []
