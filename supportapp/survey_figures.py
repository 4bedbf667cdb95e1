"""A paper sheet keyed in as four figures in the order of its questions: 5241 and Enter takes two seconds."""

from typing import Final

from events.errors import InvalidValue
from events.surveys import ABLE, SATISFACTION, SurveyAnswers

QUESTIONS: Final = ("satisfaction", "able_before", "able_after", "has_someone")
_NONE: Final = 0
_SOMEONE: Final = {1: True, 2: False}
_KNOWN: Final = (SATISFACTION, ABLE, ABLE, tuple(_SOMEONE))


def answers_of(figures: str, wish: str) -> SurveyAnswers:
    """The answers of one sheet; 0 is a question left out, and what is not typed at the end is left out too.

    Raises InvalidValue: more figures than questions, or one that its question does not have.
    """
    typed = [int(sign) for sign in figures.strip() if sign.isdecimal()]
    if len(typed) != len(figures.strip()) or len(typed) > len(QUESTIONS):
        raise InvalidValue(field="figures", value=figures, problem="sheet_figures")
    read: list[int | None] = [None] * len(QUESTIONS)
    for place, (value, known) in enumerate(zip(typed, _KNOWN, strict=False)):
        if value != _NONE and value not in known:
            raise InvalidValue(field=QUESTIONS[place], value=value, problem="out_of_range", least=0, most=known[-1])
        read[place] = value or None
    satisfaction, before, after, someone = read
    return SurveyAnswers(satisfaction, before, after, _SOMEONE.get(someone or 0), wish)
