"""Whoever installs the product gets only packages whose licences allow that; the list is printed with ``-s``."""

import re
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
EXTRAS = ("", "standard", "binary")
FREE = re.compile(r"MIT|BSD|Apache|PSF|Python Software Foundation|ISC|Zlib|CC0|Unlicense|HPND|0BSD", re.IGNORECASE)
# Used as they are, never changed, and replaceable by whoever installs: that is all these licences ask.
ACCEPTED = {
    "certifi": "MPL-2.0: a list of certificates, unchanged",
    "psycopg": "LGPL-3.0: a library of its own, unchanged",
    "psycopg-binary": "LGPL-3.0: a library of its own, unchanged",
    "fpdf2": "LGPL-3.0: a library of its own, unchanged",
}


def _licence(found: Distribution) -> str:
    about = found.metadata
    classifiers = [each for each in about.get_all("Classifier") or [] if each.startswith("License ::")]
    told = about.get("License-Expression") or "; ".join(each.rpartition(" :: ")[2] for each in classifiers)
    return told or (about.get("License") or "").partition("\n")[0]


def _shipped() -> dict[str, str]:
    """Every package that an installation brings, with its licence."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    waiting, found = [Requirement(each) for each in declared], dict[str, str]()
    while waiting:
        wanted = waiting.pop()
        name = wanted.name.lower().replace("_", "-")
        if name in found or not _is_wanted(wanted):
            continue
        try:
            package = distribution(wanted.name)
        except PackageNotFoundError:  # an extra that is not installed
            continue
        found[name] = _licence(package)
        waiting += [Requirement(each) for each in package.requires or ()]
    return found


def _is_wanted(wanted: Requirement) -> bool:
    return wanted.marker is None or any(wanted.marker.evaluate({"extra": extra}) for extra in EXTRAS)


def test_every_package_that_is_shipped_has_a_licence_that_allows_it():
    shipped = _shipped()

    for name, licence in sorted(shipped.items()):
        print(f"{name}: {licence}{' — ' + ACCEPTED[name] if name in ACCEPTED else ''}")
    assert len(shipped) > 30
    unknown = {name: licence for name, licence in shipped.items() if not FREE.search(licence)}
    assert unknown.keys() - ACCEPTED == set()
