"""ical.js as a reader of our calendars: installed once with npm, outside the repository."""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import pytest
from platformdirs import user_cache_path

HERE = Path(__file__).parent
INSTALL_SECONDS = 180
READ_SECONDS = 60


def read_with_ical_js(content: bytes) -> dict[str, Any]:
    """Give what ical.js understood: name, method and the entries in the order of the file."""
    node, folder = _reader()
    answer = subprocess.run(
        [node, "read_calendar.mjs"],
        check=False,
        input=content,
        cwd=folder,
        capture_output=True,
        timeout=READ_SECONDS,
    )
    assert answer.returncode == 0, answer.stderr.decode()
    understood: dict[str, Any] = json.loads(answer.stdout)
    return understood


@cache
def _reader() -> tuple[str, Path]:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        _without("ical.js cannot check the calendars: install Node.js 18 or newer with npm")
    wanted = hashlib.sha256((HERE / "package.json").read_bytes()).hexdigest()[:16]
    folder = user_cache_path("supportapp-tests") / f"readers-{wanted}"
    if not (folder / "node_modules" / "ical.js").is_dir():
        _install(npm, folder)
    shutil.copyfile(HERE / "read_calendar.mjs", folder / "read_calendar.mjs")
    return node, folder


def _install(npm: str, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as made:
        fresh = Path(made) / "reader"
        fresh.mkdir()
        shutil.copyfile(HERE / "package.json", fresh / "package.json")
        answer = subprocess.run(
            [npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"],
            check=False,
            cwd=fresh,
            capture_output=True,
            timeout=INSTALL_SECONDS,
        )
        if answer.returncode != 0:
            _without(f"ical.js could not be installed with npm: {answer.stderr.decode()[-500:]}")
        try:
            fresh.rename(folder)
        except OSError:  # another test process was quicker
            assert (folder / "node_modules" / "ical.js").is_dir()


def _without(sentence: str) -> NoReturn:
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(sentence)
    pytest.skip(sentence)
