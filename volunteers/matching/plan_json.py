"""The plan as it stands in a file."""

import json
from dataclasses import asdict
from typing import Any

from volunteers.matching.plan import OpenNeed, Placement, Plan, RefusedPin, Unplaced


def write_plan(plan: Plan) -> dict[str, Any]:
    """The plan as a document, in the order of the interface."""
    document: dict[str, Any] = {
        "status": plan.status.value,
        "open": plan.open,
        "open_bound": plan.open_bound,
        "objective": plan.objective,
        "bound": plan.bound,
        "seconds": plan.seconds,
        "placements": [_placement(each) for each in plan.placements],
        "open_needs": [_open_need(each) for each in plan.open_needs],
        "unplaced": [_unplaced(each) for each in plan.unplaced],
        "refused_pins": [_refused_pin(each) for each in plan.refused_pins],
    }
    if plan.changes is not None:
        document["changes"] = asdict(plan.changes)
    return document


def plan_to_json(plan: Plan) -> str:
    """The plan as the text of a file; ids stay readable, the same plan is the same text."""
    return json.dumps(write_plan(plan), ensure_ascii=False, indent=1) + "\n"


def _placement(each: Placement) -> dict[str, Any]:
    return {
        "session": each.session,
        "volunteer": each.volunteer,
        "role": each.role.value,
        "because": list(each.because),
    }


def _open_need(each: OpenNeed) -> dict[str, Any]:
    return {
        "session": each.session,
        "missing": each.missing,
        "leads": each.leads,
        "skills": dict(each.skills),
        "because": list(each.because),
    }


def _unplaced(each: Unplaced) -> dict[str, Any]:
    return {"volunteer": each.volunteer, "because": list(each.because)}


def _refused_pin(each: RefusedPin) -> dict[str, Any]:
    return {"session": each.session, "volunteer": each.volunteer, "because": list(each.because)}
