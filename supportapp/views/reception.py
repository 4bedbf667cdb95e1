"""受付: the desk of one session. Who is expected, who came, and one tap for each."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import flet as ft

from events.attendance_queries import ReceptionPerson
from events.attendance_rows import AttendanceReceipt
from events.japan.names import kana_key, kana_row, name_key
from supportapp.components.buttons import quiet_button
from supportapp.components.done import DoneBanner
from supportapp.components.layout import kana_index
from supportapp.components.screen import use_screen
from supportapp.components.states import empty_state, error_banner, skeleton
from supportapp.hooks import use_office, use_subscription
from supportapp.theme import HAIRLINE, RADIUS, RECEPTION_ROW, STEP
from supportapp.views.reception_board import Board, Headline
from supportapp.views.reception_parts import Foot, Head, notices
from supportapp.views.reception_row import ReceptionRow
from supportapp.views.reception_walk_in import WalkIn
from supportapp.wording import refusal

OTHER: Final = "他"
ROWS: Final = ("あ", "か", "さ", "た", "な", "は", "ま", "や", "ら", "わ", OTHER)
EVERYBODY: str | None = None
STACKED_BELOW: Final = 720  # from here on name and buttons stand one under the other
NOWHERE: Final = UUID(int=0)


@ft.component
def Reception() -> ft.Control:
    """The whole screen of one desk."""
    office = use_office()
    session_id = _id(str(ft.use_route_params().get("session_id", "")))
    board = ft.use_memo(lambda: Board(office.backend, office.actor, session_id), [session_id, office.actor])
    use_subscription(board.follow, [session_id, office.actor])
    return Desk(board, board.headline)


@ft.component
def Desk(board: Board, headline: Headline) -> ft.Control:
    """The parts of the desk. Drawn again when the list itself changes; rows and counts draw themselves."""
    office = use_office()
    screen = use_screen()
    sought, set_sought = ft.use_state("")
    row, set_row = ft.use_state(EVERYBODY)
    walking_in, set_walking_in = ft.use_state(False)
    done, set_done = ft.use_state("")
    say = office.words

    async def let_in(receipt: AttendanceReceipt) -> None:
        await board.read()
        set_walking_in(False)
        set_done(say("reception.walk_in_done", name=receipt.name))

    def begin_walk_in() -> None:
        set_done("")
        set_walking_in(True)

    if headline.refused is not None or headline.failed:
        back = quiet_button(say("reception.back"), lambda _event: office.go("/desk"), key="desk-back")
        wrong = say("error.unexpected") if headline.refused is None else refusal(say, headline.refused)
        return error_banner(wrong, back)
    if headline.sheet is None:
        return skeleton(say("reception.loading"), rows=6, row_height=RECEPTION_ROW)
    sheet = headline.sheet
    persons = tuple(board.seats[attendee_id].person for attendee_id in headline.order)
    people = PeopleList(
        board,
        tuple(person.attendee_id for person in found_people(persons, sought, row)),
        office.language,
        sought=sought,
        text_size=screen.text_size,
        stacked=screen.room < STACKED_BELOW,
        scrolls=not screen.is_phone,
    )
    above: list[ft.Control] = [
        Head(sheet, board, sought=sought, on_seek=set_sought),
        *notices(office, sheet),
    ]
    if done:
        above.append(DoneBanner(done, banner_key="reception-done", on_close=lambda: set_done("")))
    if walking_in:
        full = bool(sheet.seats) and sheet.free_seats <= 0
        above.append(
            WalkIn(board.session_id, sheet.seats, full=full, on_done=let_in, on_close=lambda: set_walking_in(False))
        )
    foot = Foot(board, sheet, walking_in=walking_in, on_walk_in=begin_walk_in, on_done=set_done)
    if screen.is_phone:  # one thing at a time: everything scrolls, the walk-in button stays under the thumb
        return _column([_column([*above, people], scrolls=True), foot])
    index = kana_index(
        ROWS,
        present=sorted({kana_row(person.kana) for person in persons}),
        chosen=row,
        on_choose=lambda chosen: set_row(None if chosen == row else chosen),
        key="kana",
        across=not screen.has_rail,
    )
    return _column([*above, _with_index(index, people, across=not screen.has_rail), foot])


def _column(parts: Sequence[ft.Control], *, scrolls: bool = False) -> ft.Control:
    return ft.Column(
        list(parts),
        spacing=STEP,
        expand=True,
        scroll=ft.ScrollMode.AUTO if scrolls else None,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _with_index(index: ft.Control, people: ft.Control, *, across: bool) -> ft.Control:
    if across:
        return _column([index, ft.Container(people, expand=True)])
    return ft.Row(
        [ft.Column([index], scroll=ft.ScrollMode.AUTO), ft.Container(people, expand=True)],
        spacing=STEP,
        expand=True,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@ft.component
def PeopleList(
    board: Board,
    people: Sequence[UUID],
    language: str,
    *,
    sought: str,
    text_size: float,
    stacked: bool,
    scrolls: bool,
) -> ft.Control:
    """The people of the desk, one row each; a row draws itself when something about its person changed."""
    say = use_office().words
    if not people:
        return empty_state(say("reception.search_none", text=sought) if sought else say("reception.nobody"))
    rows = [
        ReceptionRow(
            board, board.seats[attendee_id], language, text_size=text_size, stacked=stacked, key=str(attendee_id)
        )
        for attendee_id in people
    ]
    return ft.Container(
        ft.ListView(rows, expand=True, spacing=0, key="people")
        if scrolls
        else ft.Column(rows, spacing=0, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, key="people"),
        border=ft.Border.all(HAIRLINE, ft.Colors.OUTLINE_VARIANT),
        border_radius=RADIUS,
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )


def found_people(people: Sequence[ReceptionPerson], sought: str, row: str | None) -> tuple[ReceptionPerson, ...]:
    """Those of one kana row (None: of all) whose name, kana or number holds what is sought."""
    name, kana, number = name_key(sought), kana_key(sought), sought.strip()
    return tuple(
        person
        for person in people
        if (row is None or kana_row(person.kana) == row)
        and (
            not number
            or (name and name in name_key(person.name))
            or (kana and kana in kana_key(person.kana))
            or number in person.seat_code
        )
    )


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return NOWHERE
