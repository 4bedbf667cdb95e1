"""Refusals about who helps.

DomainError
├── SupporterMustBeAdult            nobody under 18 is a TOKYOスマホサポーター
├── AvailabilityEndsBeforeItStarts  a free time that ends before it starts
├── AvailabilityOverlaps            two free times of one weekday that overlap
├── ExceptionsOverlap               two exceptions of one day that overlap
├── CannotHelp                      a hard rule keeps this person from this session; one class for each rule
├── CannotLead                      the part of 講師 needs somebody who may lead
├── AlreadyThere                    this person has a part at this session already
├── SessionNotForHelpers            the session is over, cancelled or postponed
├── EnoughHelpers                   nobody more is looked for
├── LeaveLimitPassed                too late to leave without a call
├── NotAtThisSession                this person has no part at this session
├── StepNotPossible                 the assignment stands in a state from which this cannot be done
├── NothingToUndo                   the last step is too old or was followed by another
├── ProposalSettled                 the plan was accepted or discarded already
├── ProposalOutdated                what is true now clashes with the plan
└── AlreadyMember                   this person is known here already
"""

from events.errors import DomainError


class SupporterMustBeAdult(DomainError):
    """Nobody under 18 is a TOKYOスマホサポーター; another kind may suit."""

    code = "supporter_must_be_adult"


class AvailabilityEndsBeforeItStarts(DomainError):
    """A free time must end after it starts (``start``, ``end``)."""

    code = "availability_ends_before_it_starts"


class AvailabilityOverlaps(DomainError):
    """Two free times of one weekday overlap (``start``, ``end``)."""

    code = "availability_overlaps"


class ExceptionsOverlap(DomainError):
    """Two exceptions of one ``day`` overlap."""

    code = "exceptions_overlap"


class CannotHelp(DomainError):
    """A hard rule keeps this person from this session."""

    code = "cannot_help"
    rule = ""


class NotFreeThen(CannotHelp):
    """She is not free for the whole session."""

    code = "cannot_help_availability"
    rule = "availability"


class NotEligible(CannotHelp):
    """She does not help here at present (not yet active, paused or left)."""

    code = "cannot_help_not_eligible"
    rule = "not_eligible"


class ElsewhereThen(CannotHelp):
    """She is at another session at that time."""

    code = "cannot_help_overlap"
    rule = "overlap"


class NoTimeToTravel(CannotHelp):
    """There is no time for the way from or to her other session."""

    code = "cannot_help_travel"
    rule = "travel"


class TooFarAway(CannotHelp):
    """It is farther than she is willing to go."""

    code = "cannot_help_too_far"
    rule = "too_far"


class MonthIsFull(CannotHelp):
    """She agreed to no more sessions in that month."""

    code = "cannot_help_max_sessions"
    rule = "max_sessions"


class WeekIsFull(CannotHelp):
    """She agreed to no more sessions in that week."""

    code = "cannot_help_max_per_week"
    rule = "max_per_week"


class NotInsured(CannotHelp):
    """Her volunteer insurance does not hold on that day."""

    code = "cannot_help_uninsured"
    rule = "uninsured"


class TooYoung(CannotHelp):
    """Only adults may help there, or nobody under 18 does as a TOKYOスマホサポーター."""

    code = "cannot_help_minor"
    rule = "minor"


class RuledOut(CannotHelp):
    """Staff ruled this pair out."""

    code = "cannot_help_forbidden"
    rule = "forbidden"


_BY_RULE: dict[str, type[CannotHelp]] = {each.rule: each for each in CannotHelp.__subclasses__()}


def refusal_of(rule: str) -> CannotHelp:
    """The refusal that a hard rule's code stands for."""
    return _BY_RULE[rule]()


class CannotLead(DomainError):
    """The part of 講師 needs somebody who may lead."""

    code = "cannot_lead"


class AlreadyThere(DomainError):
    """This person has a part at this session already."""

    code = "already_assigned"


class SessionNotForHelpers(DomainError):
    """The session is over, cancelled or postponed."""

    code = "session_not_for_helpers"


class EnoughHelpers(DomainError):
    """Nobody more is looked for."""

    code = "enough_helpers"


class LeaveLimitPassed(DomainError):
    """Too late to leave without a call (``limit``: until when it was possible; ``contact``: whom to call)."""

    code = "leave_limit_passed"


class NotAtThisSession(DomainError):
    """This person has no part at this session."""

    code = "not_at_this_session"


class StepNotPossible(DomainError):
    """The assignment stands in a ``state`` from which this cannot be done."""

    code = "assignment_step_not_possible"


class NothingToUndo(DomainError):
    """The last step is too old, or was followed by another."""

    code = "nothing_to_undo"


class ProposalSettled(DomainError):
    """The plan was accepted or discarded already."""

    code = "proposal_settled"


class ProposalOutdated(DomainError):
    """What is true now clashes with the plan at ``count`` places (``clashes``)."""

    code = "proposal_outdated"


class AlreadyMember(DomainError):
    """This person is known here already."""

    code = "already_member"
