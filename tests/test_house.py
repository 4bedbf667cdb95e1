"""The house keeps its rules: names, sizes, what is loaded when, and whose packages are whose."""

import ast
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("events", "volunteers", "exports", "supportapp")
BANNED_NAMES = {"utils", "helpers", "common", "core", "base", "manager", "service", "misc", "handler", "data"}
HEAVY = ("pandas", "numpy", "openpyxl", "highspy", "ics")
ALLOWED_AT_TOP = {
    "supportapp", "events", "volunteers", "exports", "tests", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md",
}  # fmt: skip


def _files() -> list[Path]:
    return [file for package in PACKAGES for file in (ROOT / package).rglob("*.py") if "versions" not in file.parts]


def test_no_module_hides_behind_a_name_that_says_nothing():
    assert [str(file) for file in _files() if file.stem in BANNED_NAMES] == []


def test_the_top_level_holds_what_it_may_hold():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()

    top = {name.split("/")[0] for name in tracked}
    assert {name for name in top if not name.startswith(".")} <= ALLOWED_AT_TOP


def test_no_other_distribution_brings_our_package_names():
    guests = [
        f"{distribution.name}: {file}"
        for distribution in metadata.distributions()
        for file in distribution.files or ()
        if file.parts[0] in PACKAGES and distribution.name != "smartphone-workshop-supportapp"
    ]

    assert guests == []


def test_heavy_libraries_are_not_loaded_for_the_first_screen():
    script = f"import sys, supportapp.server; print([name for name in {HEAVY!r} if name in sys.modules])"

    said = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert said.strip() == "[]"


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_function_says_what_it_promises(package: str):
    silent = [
        f"{file.relative_to(ROOT)}:{node.name}"
        for file in (ROOT / package).rglob("*.py")
        if "versions" not in file.parts
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]

    assert silent == []


def test_nothing_committed_names_this_workplace():
    private = ["/" + "work" + "/", "farm" + "-studio", "farm" + "-bench", "pypi" + ".org", "npmjs" + ".org"]
    tracked = subprocess.run(
        ["git", "ls-files", "*.py", "*.md", "*.toml", "*.txt", ".ci/*", "*.json", "*.html", "*.js"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip

    found = [name for name in tracked for word in private if word in (ROOT / name).read_text("utf-8", "replace")]
    assert found == []
