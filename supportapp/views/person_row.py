"""A person in a list: name and kana large, and what tells them apart from others of the same name."""

import flet as ft

from events.attendee_search import PersonFound
from supportapp.booking_words import age_words, day_words
from supportapp.components.buttons import Tap
from supportapp.components.texts import quiet, row_title
from supportapp.hooks import use_office
from supportapp.theme import GAP
from supportapp.views.telephone_pane import row_button


@ft.component
def PersonRow(person: PersonFound, *, row_key: str, on_choose: Tap, at: bool = False) -> ft.Control:
    """One button as wide as the list; its words are the person's name and all that stands beside it.

    ``at``: the arrow keys stand on it.
    """
    office = use_office()
    say = office.words
    visit = (
        say("person.last_visit", day=day_words(say, person.last_visit_on, office.today))
        if person.last_visit_on
        else say("person.never_came")
    )
    facts = [
        person.town,
        age_words(say, person.age_band),
        say("person.tail", digits=person.telephone_tail) if person.telephone_tail else "",
        visit,
    ]
    needs = [say(f"person.need.{need}") for need in person.needs]
    lines: list[ft.Control] = [
        ft.Row(
            [row_title(person.name), quiet(person.kana or say("person.no_kana"))],
            wrap=True,
            spacing=GAP,
            run_spacing=0,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        quiet("・".join(fact for fact in [*facts, *needs] if fact)),
    ]
    content = ft.Container(
        ft.Column(lines, spacing=0, tight=True, horizontal_alignment=ft.CrossAxisAlignment.START),
        alignment=ft.Alignment.CENTER_LEFT,
    )
    return row_button(content, on_click=on_choose, key=row_key, at=at)
