"""Every sentence a person sees: one folder a language, one file a part of the product, keys are ids.

``words("ja")("telephone.title")`` finds ``title`` in ``ja/telephone.toml``; ``{name}`` stands for a value.
"""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources

LANGUAGES = ("ja", "en")
EASY = "ja-easy"  # やさしい日本語: what people outside the office read; what it does not say itself is said in ja
Words = Callable[..., str]


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """All sentences of a language by their full key (``error.not_found``)."""
    sentences: dict[str, str] = {}
    for file in sorted((resources.files(__name__) / language).iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            part = file.name.removesuffix(".toml").partition("-")[0]  # error-telephone.toml adds to error
            sentences.update(_flat(part, tomllib.loads(file.read_text("utf-8"))))
    return sentences


def _flat(prefix: str, table: Mapping[str, object]) -> Mapping[str, str]:
    sentences: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, Mapping):
            sentences.update(_flat(f"{prefix}.{key}", value))
        else:
            sentences[f"{prefix}.{key}"] = str(value)
    return sentences


@cache
def words(language: str) -> Words:
    """The function that turns a key and its values into a sentence of ``language`` (ja for any other)."""
    sentences = catalogue(language if language in LANGUAGES else LANGUAGES[0])
    if language == EASY:
        sentences = {**sentences, **catalogue(EASY)}

    def say(key: str, /, **values: object) -> str:
        return sentences[key].format(**values)

    return say
