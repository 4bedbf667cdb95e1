"""アンケート of a session: paper sheets keyed in as figures, the address for a QR code, the results."""

from uuid import UUID

import flet as ft

from events.errors import DomainError
from events.surveys import SurveyResult, key_in_sheet, survey_result, survey_sheet
from supportapp.components.buttons import primary_button, quiet_button
from supportapp.components.fields import TextInput, form
from supportapp.components.layout import card, screen_column, title_row
from supportapp.components.states import error_banner, skeleton
from supportapp.components.texts import body, figure, quiet
from supportapp.days import day_words
from supportapp.hooks import Office, use_action, use_office, use_query
from supportapp.live import session_topic
from supportapp.public.survey_links import survey_path
from supportapp.survey_figures import answers_of
from supportapp.views.exports_calendars import Address
from supportapp.wording import refusal


@ft.component
def Questionnaire() -> ft.Control:
    """The questionnaire of the session in the address."""
    office = use_office()
    session_id = UUID(ft.use_route_params()["session_id"])
    say = office.words
    topics = (session_topic(session_id),)
    sheet = use_query(survey_sheet, topics, session_id=session_id)
    result = use_query(survey_result, topics, session_id=session_id)
    path = use_query(survey_path, topics, session_id=session_id)
    back = quiet_button(
        say("questionnaire.back"), lambda _event: office.go(f"/sessions/{session_id}"), key="questionnaire-back"
    )
    if sheet.error or result.error:
        return screen_column([error_banner(sheet.error or result.error or "", back)])
    if sheet.value is None or result.value is None:
        return screen_column([skeleton(say("questionnaire.loading"), rows=3)])
    day = day_words(say, office.language, sheet.value.held_on, office.today)
    parts: list[ft.Control] = [
        title_row(say("questionnaire.title"), [back], body(f"{sheet.value.title}　{day}")),
        KeyIn(session_id, sheet.value.indicator or say("public.survey.satisfaction")),
        card(_result(office, result.value), title=say("questionnaire.result"), key="questionnaire-result"),
    ]
    if path.value:
        address = f"{office.settings.public_address.rstrip('/')}{path.value}"
        parts.append(
            card(
                [quiet(say("questionnaire.address_help")), Address(address, name="survey")],
                title=say("questionnaire.address"),
                key="questionnaire-address",
            )
        )
    return screen_column(parts)


@ft.component
def KeyIn(session_id: UUID, indicator: str) -> ft.Control:
    """One sheet after the other: four figures, Enter, perhaps a wish, Enter; the next sheet begins by itself."""
    office = use_office()
    act = use_action()
    figures, set_figures = ft.use_state("")
    wish, set_wish = ft.use_state("")
    wrong, set_wrong = ft.use_state("")
    turn, set_turn = ft.use_state(0)
    say = office.words

    async def keep(_event: object = None) -> None:
        try:
            answers = answers_of(figures, wish)
        except DomainError as error:
            set_wrong(refusal(say, error))
            return
        set_wrong("")
        if await act(key_in_sheet, session_id=session_id, answers=answers, now=office.now()) is not None:
            set_figures("")
            set_wish("")
            set_turn(turn + 1)  # new fields, so that the cursor stands in the first again

    fields: list[ft.Control] = [
        quiet(say("questionnaire.figures_help", indicator=indicator)),
        ft.Container(
            TextInput(
                say("questionnaire.figures"),
                field_key="sheet-figures",
                value=figures,
                on_change=set_figures,
                on_submit=keep,
                error=wrong or None,
                autofocus=True,
                keyboard=ft.KeyboardType.NUMBER,
                width=160,
            ),
            key=f"figures-{turn}",
        ),
        ft.Container(
            TextInput(
                say("questionnaire.wish"),
                field_key="sheet-wish",
                value=wish,
                on_change=set_wish,
                on_submit=keep,
            ),
            key=f"wish-{turn}",
        ),
        primary_button(say("questionnaire.keep"), keep, key="sheet-keep", busy=act.busy),
    ]
    if act.error:
        fields.append(error_banner(act.error))
    return card([form(fields)], title=say("questionnaire.key_in"), key="questionnaire-key-in")


def _result(office: Office, result: SurveyResult) -> list[ft.Control]:
    """The number of answers, and where enough answered what they say."""
    say = office.words
    lines: list[ft.Control] = [figure(say("questionnaire.count", count=result.count))]
    if result.mean_satisfaction is None and not result.paired and not result.asked_someone:
        return [*lines, quiet(say("questionnaire.too_few"))]
    if result.mean_satisfaction is not None:
        counts = "　".join(
            f"{say(f'public.survey.satisfaction_{step}')} {count}"
            for step, count in sorted(result.satisfaction.items(), reverse=True)
        )
        lines += [body(say("questionnaire.mean", mean=f"{result.mean_satisfaction:.1f}")), quiet(counts)]
    if result.paired:
        lines.append(body(say("questionnaire.improved", improved=result.improved, paired=result.paired)))
    if result.asked_someone:
        lines.append(body(say("questionnaire.someone", count=result.has_someone, asked=result.asked_someone)))
    if result.wishes:
        lines.append(body(say("questionnaire.wishes", wishes=say("public.between").join(result.wishes))))
    return lines
