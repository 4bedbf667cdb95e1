"""The draws of a workshop, on its page: what each is for, how many applied, and the way to it."""

from uuid import UUID

import flet as ft

from events.draw.page import DrawOfWorkshop, draws_of_workshop
from events.japan.clock import tokyo_date
from supportapp.components.buttons import primary_button, secondary_button
from supportapp.components.handlers import calls_with
from supportapp.components.layout import card, data_list, data_row
from supportapp.components.texts import quiet, row_title
from supportapp.days import day_words
from supportapp.hooks import Office, use_office, use_query
from supportapp.live import municipality_topic


@ft.component
def WorkshopDraws(workshop_id: UUID) -> ft.Control:
    """Nothing where places are given as people come."""
    office = use_office()
    topics = (municipality_topic(office.actor.municipality_code),)
    found = use_query(draws_of_workshop, topics, workshop_id=workshop_id)
    if not found.value:
        return ft.Container()
    rows = [_row(office, each, number) for number, each in enumerate(found.value)]
    return card([data_list(rows)], title=office.words("draw.part_title"), key="workshop-draws")


def _row(office: Office, each: DrawOfWorkshop, number: int) -> ft.Control:
    say = office.words
    days = [day_words(say, office.language, day, office.today) for day in each.held_on]
    between = say("draw.days_between", first=days[0], last=days[-1]) if len(days) > 1 else "".join(days)
    closes = each.closes_at
    deadline = day_words(say, office.language, tokyo_date(closes), office.today) if closes else say("draw.no_deadline")
    said = (
        say("draw.part_done", count=each.applicants)
        if each.drawn_at
        else say("draw.part_waiting", count=each.applicants, deadline=deadline)
    )
    is_due = each.drawn_at is None and closes is not None and closes < office.now()
    button = primary_button if is_due else secondary_button
    words = ft.Column(
        [row_title(say("draw.part_days", days=between)), quiet(said)], spacing=0, tight=True, expand=True
    )
    opens = calls_with(office.go, f"/draws/{each.intake_id}")
    return data_row([words, button(say("draw.open_draw"), opens, key=f"draw-open-{number}")], key=f"draw-{number}")
