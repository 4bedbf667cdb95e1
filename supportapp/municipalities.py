"""Municipalities as the product keeps them."""

from sqlmodel import Session

from events.errors import InvalidValue
from events.japan.municipality_codes import is_municipality_code
from events.models import Municipality


def ensure_municipality(db: Session, *, municipality_code: str, name: str) -> None:
    """Make the municipality unless it is there; a code with a wrong check digit is refused.

    Raises:
        InvalidValue: the code is not a municipality's.
    """
    if not is_municipality_code(municipality_code):
        raise InvalidValue(field="municipality_code", value=municipality_code, problem="municipality_code")
    if db.get(Municipality, municipality_code) is None:
        db.add(Municipality(code=municipality_code, name=name or municipality_code))
