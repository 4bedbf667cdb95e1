"""同じ人の記録をまとめる: find the other record, see both side by side, decide, merge; and take it apart again."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

import flet as ft

from events.attendee_merge import MergedRecord, merged_records, unmerge_attendee
from events.attendee_search import find_people
from events.japan.clock import tokyo_date
from supportapp.components.buttons import quiet_button, secondary_button
from supportapp.components.done import DoneBanner
from supportapp.components.fields import TextInput
from supportapp.components.handlers import calls_with
from supportapp.components.layout import card, data_list, data_row, screen_column, title_row
from supportapp.components.states import ConfirmPanel, error_banner
from supportapp.components.texts import body, quiet
from supportapp.days import day_words
from supportapp.hooks import Office, use_action, use_office, use_query
from supportapp.live import municipality_topic
from supportapp.pauses import use_pause
from supportapp.views.merge_sides import MergeSides
from supportapp.views.person_row import PersonRow

_MOST = 10


@ft.component
def MergeScreen() -> ft.Control:
    """One record, and what it may be merged with."""
    office = use_office()
    say = office.words
    attendee_id = UUID(ft.use_route_params()["attendee_id"])
    other, set_other = ft.use_state("")
    done, set_done = ft.use_state("")

    def finish(sentence: str) -> None:
        set_other("")
        set_done(sentence)

    def back(_event: object) -> None:
        office.go(f"/people/attendees/{attendee_id}")

    parts: list[ft.Control] = [
        title_row(say("merge.title"), [quiet_button(say("merge.back"), back, key="merge-back")])
    ]
    if done:
        parts.append(DoneBanner(done, banner_key="merge-done", on_close=lambda: set_done(""), stays=True))
    if other:
        parts.append(
            MergeSides(attendee_id, UUID(other), on_done=finish, on_other=lambda: set_other(""))
        )
    else:
        parts.append(_OtherRecord(attendee_id, on_choose=lambda found: set_other(str(found))))
        parts.append(_Merged(attendee_id, on_done=finish))
    return screen_column(parts)


@ft.component
def _OtherRecord(attendee_id: UUID, *, on_choose: Callable[[UUID], None]) -> ft.Control:
    """One field, and the other records it finds."""
    office = use_office()
    say = office.words
    typed, set_typed = ft.use_state("")
    text = use_pause(typed)
    code = office.actor.municipality_code
    found = use_query(find_people, (), municipality_code=code, text=text, limit=_MOST, today=office.today)
    field = TextInput(
        say("merge.search"),
        field_key="merge-search",
        on_change=set_typed,
        help_text=say("merge.search_help"),
        autofocus=True,
    )
    if found.error:
        return card([field, error_banner(found.error)])
    people = [person for person in found.value or () if person.attendee_id != attendee_id]
    rows = [
        PersonRow(
            person, row_key=f"merge-{number}", on_choose=calls_with(partial(on_choose, person.attendee_id))
        )
        for number, person in enumerate(people)
    ]
    nobody = [quiet(say("merge.none_found"))] if text and found.value is not None and not rows else []
    return card([field, *rows, *nobody])


@ft.component
def _Merged(attendee_id: UUID, *, on_done: Callable[[str], None]) -> ft.Control:
    """What was merged into this record, each with a way to take it apart."""
    office = use_office()
    say = office.words
    asked, set_asked = ft.use_state("")
    topics = (municipality_topic(office.actor.municipality_code),)
    found = use_query(merged_records, topics, attendee_id=attendee_id)
    act = use_action()

    async def split(record: MergedRecord, reason: str) -> None:
        receipt = await act(
            unmerge_attendee, attendee_id=record.attendee_id, reason=reason, now=office.now(), by=office.actor.name
        )
        if receipt is not None:
            set_asked("")
            on_done(say("merge.split_done", registrations=receipt.registrations))

    if not found.value:
        return ft.Container()
    rows: list[ft.Control] = []
    for record in found.value:
        name = str(record.attendee_id)
        rows.append(_merged_row(office, record, partial(set_asked, name)))
        if asked == name:
            rows.append(
                ConfirmPanel(
                    say("merge.ask_split", name=record.name),
                    panel_key="merge-split",
                    confirm_words=say("merge.split"),
                    keep_words=say("draw.keep"),
                    on_confirm=partial(split, record),
                    on_keep=lambda *_event: set_asked(""),
                    reason_words=say("draw.reason"),
                    error=act.error,
                    busy=act.busy,
                )
            )
    return card([data_list(rows)], title=say("merge.merged_title"))


def _merged_row(office: Office, record: MergedRecord, ask: Callable[[], object]) -> ft.Control:
    say = office.words
    day = day_words(say, office.language, tokyo_date(record.merged_at), office.today)
    words = say("merge.merged_line", name=record.name, day=day, by=record.merged_by, reason=record.reason)
    button = secondary_button(say("merge.split"), calls_with(ask), key=f"merge-split-{record.attendee_id}")
    return data_row([ft.Container(body(words), expand=True), button], key=f"merged-{record.attendee_id}")
