"""Every code of helpers and matching has its words in both languages."""

from enum import StrEnum

import pytest

from events.errors import DomainError
from supportapp.messages import LANGUAGES, catalogue
from volunteers import errors
from volunteers.insurance import Cover
from volunteers.matching.errors import ProblemRefused
from volunteers.matching.explain import OPEN_REASONS, REASONS
from volunteers.matching.month import OTHERS_SUIT_BETTER
from volunteers.matching.proposals import SEATS_FULL, SESSION_OFF
from volunteers.matching.rules import HARD_CODES
from volunteers.need import StaffingState
from volunteers.roster import DOCUMENTS, SKILLS
from volunteers.states import AssignmentRole, AssignmentState, VolunteerKind, VolunteerState

KINDS: dict[str, type[StrEnum]] = {
    "volunteer.kind": VolunteerKind,
    "volunteer.state": VolunteerState,
    "volunteer.role": AssignmentRole,
    "volunteer.assignment": AssignmentState,
    "volunteer.insured": Cover,
}


def codes_of(base: type[Exception]) -> set[str]:
    found = {base.code} if hasattr(base, "code") else set()
    for each in base.__subclasses__():
        found |= codes_of(each)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_a_sentence(language: str) -> None:
    codes = {*REASONS, *OPEN_REASONS, *HARD_CODES, SEATS_FULL, SESSION_OFF, OTHERS_SUIT_BETTER}

    assert {code for code in codes if f"matching.because.{code}" not in catalogue(language)} == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("part", "kind"), KINDS.items())
def test_every_kind_and_state_has_a_word(language: str, part: str, kind: type[StrEnum]) -> None:
    assert {each.value for each in kind if f"{part}.{each.value}" not in catalogue(language)} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_skill_paper_and_staffing_has_a_word(language: str) -> None:
    keys = {f"volunteer.skill.{each}" for each in SKILLS} | {f"volunteer.document.{each}" for each in DOCUMENTS}
    keys |= {f"volunteer.helpers_{each.value}" for each in StaffingState}

    assert keys - catalogue(language).keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_has_a_sentence(language: str) -> None:
    ours = {each.code for each in vars(errors).values() if isinstance(each, type) and issubclass(each, DomainError)}
    keys = {f"error.{code}" for code in (ours - {DomainError.code}) | codes_of(ProblemRefused)}

    assert keys - catalogue(language).keys() == set()
