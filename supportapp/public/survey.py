"""The questionnaire of one session, for those who took its QR code; nobody is asked who they are."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request, Response

from events.errors import InvalidValue
from events.surveys import ABLE, SATISFACTION, SurveyAnswers, SurveyNotOpen, SurveySheet, answer_survey, survey_sheet
from supportapp.public.answers import answer
from supportapp.public.application_form import wrong_words
from supportapp.public.pages import page
from supportapp.public.programme_words import date_words
from supportapp.public.survey_links import session_of_token
from supportapp.public.visits import Door, Form, Visit, actor_for, form_of, seal_of

_YES_NO: Final = {"yes": True, "no": False}


def add_surveys(router: APIRouter, door: Door) -> None:
    """Put the questionnaire on the router."""

    @router.get("/survey/{token}")
    async def ask(token: str, request: Request) -> Response:
        return await answer(door, request, lambda visit: _ask(door, visit, token))

    @router.post("/survey/{token}")
    async def take(token: str, request: Request) -> Response:
        return await answer(door, request, lambda visit: _take(door, visit, token, request))


async def _ask(door: Door, visit: Visit, token: str) -> Response:
    return await _form_page(door, visit, await _sheet(door, token), Form(), kept=True)


async def _take(door: Door, visit: Visit, token: str, request: Request) -> Response:
    door.must_take(request)
    form = await form_of(door, request)
    sheet = await _sheet(door, token)
    seal = await seal_of(door, request, visit, form, _purpose(sheet))
    if seal is None:
        return await _form_page(door, visit, sheet, form, status=403, trouble=visit.say("public.refused.seal"))
    bits = (await door.sealer()).bits("answer", seal.number)
    try:
        await door.backend.run(
            actor_for(sheet.municipality_code),
            answer_survey,
            session_id=sheet.session_id,
            answers=read_answers(form),
            new_id=UUID(bytes=bits[:16], version=4),
            now=visit.now,
        )
    except InvalidValue as error:
        nothing = error.details["field"] == "answers"
        trouble = visit.say("public.survey.empty") if nothing else wrong_words(visit, error)
        kept = form.without("next_wish") if error.details["problem"] == "my_number" else form
        return await _form_page(door, visit, sheet, kept, status=422, trouble=trouble)
    except SurveyNotOpen:
        trouble = visit.say("public.survey.not_open")
        return await _form_page(door, visit, sheet, form, status=409, trouble=trouble)
    return page(visit, "answered.html")


def read_answers(form: Form) -> SurveyAnswers:
    """The answers as typed; anything that is no answer is none."""
    return SurveyAnswers(
        satisfaction=_number(form.one("satisfaction")),
        able_before=_number(form.one("able_before")),
        able_after=_number(form.one("able_after")),
        has_someone=_YES_NO.get(form.one("has_someone")),
        next_wish=form.one("next_wish"),
    )


def _number(text: str) -> int | None:
    return int(text) if len(text) == 1 and text.isascii() and text.isdigit() else None


async def _sheet(door: Door, token: str) -> SurveySheet:
    session_id = session_of_token(await door.sealer(), token)
    return await door.backend.read(actor_for(""), survey_sheet, session_id=session_id)


async def _form_page(
    door: Door,
    visit: Visit,
    sheet: SurveySheet,
    form: Form,
    *,
    status: int = 200,
    kept: bool = False,
    trouble: str = "",
) -> Response:
    say = visit.say
    able = [(str(step), say(f"public.survey.able_{step}")) for step in reversed(ABLE)]
    return page(
        visit,
        "survey.html",
        status=status,
        kept=kept,
        sealer=await door.sealer(),
        sheet=sheet,
        day=date_words(visit, sheet.held_on),
        form=form,
        trouble=trouble,
        purpose=_purpose(sheet),
        satisfaction=[(str(step), say(f"public.survey.satisfaction_{step}")) for step in reversed(SATISFACTION)],
        able=able,
        yes_no=[(value, say(f"public.survey.{value}")) for value in _YES_NO],
    )


def _purpose(sheet: SurveySheet) -> str:
    return f"survey:{sheet.session_id}"
