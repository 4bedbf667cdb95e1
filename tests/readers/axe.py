"""axe as a reader of our public pages: what hinders people, by the rules of WCAG 2.2 A and AA."""

from functools import cache

from playwright.sync_api import Page

from tests.readers.npm_packages import npm_packages

_ALL = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
_OF_THE_LOOK = {"type": "rule", "values": ["color-contrast", "target-size"]}


def hindrances(page: Page, *, of_the_look: bool = False) -> list[str]:
    """Every violation on a page: rule, what it is, and the elements.

    ``of_the_look`` asks only for the rules whose answer depends on the window's size and colours.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    rules = _OF_THE_LOOK if of_the_look else _ALL
    answer = page.evaluate("rules => window.axe.run({ runOnly: rules, resultTypes: ['violations'] })", rules)
    return [f"{each['id']} {[node['html'][:120] for node in each['nodes']]}" for each in answer["violations"]]


@cache
def _axe() -> str:
    _, folder = npm_packages()
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
