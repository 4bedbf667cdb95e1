"""The catalogue: the same sentences in both languages, and none missing."""

import ast
import importlib
import re
import string
import tomllib
from pathlib import Path

import pytest

import events.errors
from supportapp.messages import LANGUAGES, catalogue, words
from supportapp.tables import METADATA  # noqa: F401 -- loads every package that declares errors

ROOT = Path(__file__).parent.parent
PLACEHOLDERS = string.Formatter()


def _placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in PLACEHOLDERS.parse(sentence) if name}


def _all_errors() -> set[type[events.errors.DomainError]]:
    for module in ("supportapp.server", "supportapp.cli", "supportapp.seeding", "volunteers.matching.planning"):
        importlib.import_module(module)  # with the server come every screen and every use case

    found: set[type[events.errors.DomainError]] = set()
    waiting = [events.errors.DomainError]
    while waiting:
        for child in waiting.pop().__subclasses__():
            found.add(child)
            waiting.append(child)
    return found


def test_both_languages_have_the_same_sentences():
    assert set(catalogue("ja")) == set(catalogue("en"))


def test_a_sentence_has_the_same_places_for_values_in_both_languages():
    different = [
        key
        for key, sentence in catalogue("ja").items()
        if _placeholders(sentence) != _placeholders(catalogue("en")[key])
    ]

    assert different == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_empty(language: str):
    assert [key for key, sentence in catalogue(language).items() if not sentence.strip()] == []


def test_every_refusal_has_a_sentence():
    silent = sorted(
        error.code
        for error in _all_errors()
        if error.code != "invalid_value" and f"error.{error.code}" not in catalogue("ja")
    )

    assert silent == []


def test_japanese_stands_in_the_japanese_catalogue_only():
    japanese = re.compile(r"[ぁ-んァ-ン一-龥]")
    allowed = re.compile(r"[「（]?[ぁ-んァ-ヶー一-龥々・]+[」）]?")
    mostly = [key for key, sentence in catalogue("en").items() if len(japanese.findall(sentence)) > len(sentence) / 2]

    assert [key for key in mostly if not allowed.fullmatch(catalogue("en")[key])] == []


def test_a_sentence_takes_its_values():
    assert "8550" in words("ja")("error.port_in_use", port=8550)


def _calls() -> list[tuple[str, ast.Call]]:
    packages = ("events", "volunteers", "exports", "supportapp")
    files = [file for package in packages for file in (ROOT / package).rglob("*.py")]
    return [
        (f"{file.relative_to(ROOT)}:{node.lineno}", node)
        for file in files
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call)
    ]


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _constant(node: ast.Call, name: str) -> str | None:
    found = [word.value for word in node.keywords if word.arg == name]
    return found[0].value if found and isinstance(found[0], ast.Constant) and isinstance(found[0].value, str) else None


def test_every_sentence_that_a_screen_asks_for_is_there():
    missing = [
        f"{place} {node.args[0].value}"
        for place, node in _calls()
        if _called(node) in {"say", "words", "_words"} and node.args
        and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
        and node.args[0].value not in LANGUAGES and node.args[0].value not in catalogue("ja")
    ]  # fmt: skip

    assert missing == []


def test_every_wrong_value_has_a_name_for_its_field_and_a_sentence():
    missing = set()
    for place, node in _calls():
        if _called(node) in {"InvalidValue", "checked_text"}:
            field, problem = _constant(node, "field"), _constant(node, "problem")
            if field and f"field.{field}" not in catalogue("ja"):
                missing.add(f"{place} field.{field}")
            if problem and f"error.invalid_value.{problem}" not in catalogue("ja"):
                missing.add(f"{place} error.invalid_value.{problem}")

    assert sorted(missing) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_written_twice_in_two_files(language: str):
    from supportapp.messages import _flat

    seen: dict[str, str] = {}
    twice = []
    for file in sorted((ROOT / "supportapp" / "messages" / language).glob("*.toml")):
        for key in _flat(file.stem.partition("-")[0], tomllib.loads(file.read_text("utf-8"))):
            if key in seen:
                twice.append(f"{key}: {seen[key]} and {file.name}")
            seen[key] = file.name

    assert twice == []
