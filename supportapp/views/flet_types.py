"""Two things that Flet can do and its types do not say: a component with a key, and a state that starts empty."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


def keyed(component: Callable[P, R], key: str, /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Draw a component that keeps its state by ``key`` when its neighbours come and go."""
    found: Any = component
    drawn: R = found(*args, key=key, **kwargs)
    return drawn


def none_yet(_kind: type[T]) -> T | None:
    """Nothing, as the beginning of a state that will hold a ``kind``."""
    return None
