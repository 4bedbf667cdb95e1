"""電話受付: who calls, which workshop, the sentence to read back, and one button. No dialogs, nothing is lost."""

from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import flet as ft

from events.attendee_page import caller
from events.registration_choices import BookableSession, bookable_sessions
from supportapp.components.buttons import quiet_button, secondary_button
from supportapp.components.done import DoneBanner
from supportapp.components.layout import title_row, two_pane
from supportapp.components.screen import use_screen
from supportapp.components.states import error_banner, skeleton
from supportapp.hooks import Office, use_office, use_query
from supportapp.live import municipality_topic
from supportapp.theme import GAP
from supportapp.views.telephone_calls import CallBar
from supportapp.views.telephone_desk import use_call_desk
from supportapp.views.telephone_end import EndPane
from supportapp.views.telephone_person import PersonPane
from supportapp.views.telephone_receipt import ReceiptPane
from supportapp.views.telephone_sessions import SessionsPane

_MOST_ROWS = 200
_SHARES = (4, 5)


@ft.component
def Telephone() -> ft.Control:
    """The telephone screen. What is typed is kept as a draft from the first pause on."""
    office = use_office()
    screen = use_screen()
    desk = use_call_desk()
    city = office.actor.municipality_code
    now = office.now().replace(second=0, microsecond=0)
    choices = use_query(
        bookable_sessions,
        (municipality_topic(city),),
        municipality_code=city,
        now=now,
        attendee_id=desk.form.person_id,
        phone_system=desk.form.phone_kind or None,
        limit=_MOST_ROWS,
    )
    known = use_query(
        caller,
        (municipality_topic(city),),
        municipality_code=city,
        attendee_id=desk.form.person_id,
        now=now,
        today=office.today,
    )
    rows: tuple[BookableSession, ...] = choices.value or ()
    asked_session, asked_person = _asked_for(office, "session"), _asked_for(office, "person")

    def take_asked_for() -> None:
        wanted = next((row for row in rows if row.session_id == asked_session), None)
        if wanted is not None and desk.ready and not desk.form.chosen:
            desk.change(chosen=wanted.key)
        if asked_person is not None and desk.ready and desk.form.is_empty:
            desk.change_to(asked_person)

    ft.use_effect(take_asked_for, [desk.ready, bool(rows), asked_session, asked_person])
    person = known.value if known.value and known.value.attendee_id == desk.form.person_id else None
    chosen = next((row for row in rows if row.key == desk.form.chosen), None)
    trouble = desk.trouble or choices.error or desk.keeping.error
    notices: list[ft.Control] = []
    if trouble:
        again = secondary_button(office.words("telephone.reload"), desk.reload, key="telephone-reload")
        notices.append(error_banner(trouble, again))
    if desk.undone:
        notices.append(
            DoneBanner(office.words("telephone.undone"), banner_key="telephone-undone", on_close=None, stays=True)
        )
    # A place of their own: if notices pushed the panes down, the field under the person's fingers would be made anew.
    parts: list[ft.Control] = [
        title_row(office.words("telephone.title"), [CallBar(desk), _to_postcards(office)]),
        ft.Column(notices, spacing=GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
    ]
    if not desk.ready and not trouble:
        parts.append(skeleton(office.words("telephone.loading"), rows=3))
    elif desk.receipt is not None:
        parts.append(ReceiptPane(desk, desk.receipt))
    else:
        left = PersonPane(desk, person, known.error)
        right = SessionsPane(desk, rows, loading=choices.value is None)
        parts += [two_pane(screen, left, right, shares=_SHARES), EndPane(desk, person, chosen)]
    return ft.Column(parts, spacing=GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _to_postcards(office: Office) -> ft.Control:
    return quiet_button(
        office.words("postcard.title"),
        lambda _event: office.go("/postcards"),
        key="to-postcards",
        icon=ft.Icons.MAIL_OUTLINE,
    )


def _asked_for(office: Office, what: str) -> UUID | None:
    """What another screen asked to book for (``/telephone?session=…``, ``/telephone?person=…``)."""
    asked = parse_qs(urlsplit(office.page.route or "").query).get(what, [""])[0]
    try:
        return UUID(asked)
    except ValueError:
        return None
