"""LibreOffice as a reader of our workbooks, each run with a profile of its own."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest

CONVERT_SECONDS = 180


def converted(content: bytes, form: str, folder: Path) -> Path:
    """Give the file that LibreOffice makes from a workbook after it has calculated every formula."""
    source = folder / "opened.xlsx"
    source.write_bytes(content)
    out = folder / "made"
    answer = subprocess.run(
        [
            _office(),
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            form,
            "--outdir",
            str(out),
            str(source),
        ],
        check=False,
        capture_output=True,
        timeout=CONVERT_SECONDS,
    )
    made = list(out.glob(f"opened*.{form.partition(':')[0]}"))  # a single sheet's name is added to the file's
    assert len(made) == 1, answer.stderr.decode()
    return made[0]


def pages(pdf: Path) -> list[str]:
    """Give the text of each page of a PDF."""
    tool = shutil.which("pdftotext") or _without("pages cannot be counted: install poppler-utils (pdftotext)")
    text = subprocess.run([tool, "-layout", str(pdf), "-"], check=True, capture_output=True).stdout.decode()
    return text.split("\f")[:-1]


@cache
def _office() -> str:
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or _without("workbooks cannot be opened: install LibreOffice Calc")


def _without(sentence: str) -> NoReturn:
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(sentence)
    pytest.skip(sentence)
