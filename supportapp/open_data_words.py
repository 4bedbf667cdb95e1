"""What open data says in words: findings of the validator, rows that were left out, characters that were lost."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from supportapp.messages import Words

if TYPE_CHECKING:
    from exports.opendata.validating import Finding, Validation
    from exports.opendata.writing import LeftOut, LostCharacter

_LONGEST = 60


def finding_in_words(say: Words, finding: "Finding") -> str:
    """Where, which rule, what is wrong and what to do, as one line."""
    return say(
        "validation.line",
        row=finding.row,
        column=finding.column,
        rule=finding.rule,
        severity=say(f"validation.severity.{finding.severity}"),
        why=reason_of(say, finding),
        remedy=remedy_of(say, finding),
    )


def reason_of(say: Words, finding: "Finding") -> str:
    """What is wrong."""
    return say(f"validation.why.{finding.code}", value=_short(say, finding.value))


def remedy_of(say: Words, finding: "Finding") -> str:
    """What to do about it."""
    if finding.better:
        return say("validation.write", better=finding.better)
    return say(f"validation.remedy.{finding.rule}")


def summary_in_words(say: Words, validation: "Validation") -> str:
    """The whole file in one sentence."""
    warnings = len(validation.findings) - validation.errors
    key = "validation.failed" if validation.errors else "validation.passed"
    return say(
        key, file=validation.file, profile=validation.profile, read=validation.read, errors=validation.errors,
        warnings=warnings,
    )  # fmt: skip


def validation_for_programs(say: Words, validation: "Validation") -> dict[str, Any]:
    """The object of ``validate-opendata --json``."""
    return {
        "file": validation.file,
        "profile": validation.profile,
        "read": validation.read,
        "errors": validation.errors,
        "warnings": len(validation.findings) - validation.errors,
        "findings": [
            {
                "row": each.row,
                "column": each.column,
                "value": each.value,
                "rule": each.rule,
                "code": each.code,
                "severity": each.severity,
                "message": reason_of(say, each),
                "remedy": remedy_of(say, each),
            }
            for each in validation.findings
        ],
    }


def left_out_in_words(say: Words, rows: Sequence["LeftOut"]) -> list[str]:
    """Rows that were not written, and what they lack."""
    return [
        say("validation.left_out", name=each.name, headers=say("files_in.listing").join(each.headers)) for each in rows
    ]


def lost_in_words(say: Words, lost: Sequence["LostCharacter"]) -> list[str]:
    """Characters that could not be written."""
    return [say("validation.lost", number=each.number, column=each.header, characters=each.characters) for each in lost]


def _short(say: Words, value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= _LONGEST else say("error.shortened", start=line[:_LONGEST])
