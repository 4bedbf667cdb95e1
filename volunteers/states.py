"""States and kinds of helpers, with the values that stand in data, files and JSON."""

from enum import StrEnum


class VolunteerKind(StrEnum):
    """What sort of helper somebody is."""

    TOKYO_SUPPORTER = "tokyo_supporter"
    DIGITAL_SUPPORTER = "digital_supporter"
    NPO = "npo"
    REGIONAL_COOPERATION = "regional_cooperation"
    STUDENT = "student"
    STAFF = "staff"
    COMPANY_INSTRUCTOR = "company_instructor"


class VolunteerState(StrEnum):
    """How far a helper has come, from first interest to thanks."""

    INFORMED = "informed"
    PROVISIONAL = "provisional"
    TRAINING = "training"
    REGISTERED = "registered"
    ACTIVE = "active"
    PAUSED = "paused"
    LEFT = "left"


class AssignmentRole(StrEnum):
    """The part a helper plays at a session."""

    LEAD = "lead"
    HELPER = "helper"
    RECEPTION = "reception"


class AssignmentState(StrEnum):
    """Where an assignment stands."""

    ASKED = "asked"
    APPLIED = "applied"
    TENTATIVE = "tentative"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    NO_SHOW = "no_show"
    DONE = "done"


STANDING_ASSIGNMENTS = frozenset({AssignmentState.TENTATIVE, AssignmentState.CONFIRMED, AssignmentState.DONE})


class ProposalState(StrEnum):
    """Whether a proposed plan was accepted."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DISCARDED = "discarded"
