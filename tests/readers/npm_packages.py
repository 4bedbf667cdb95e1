"""Programs of others that read what we write: installed once with npm, outside the repository."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest
from platformdirs import user_cache_path

HERE = Path(__file__).parent
INSTALL_SECONDS = 180


@cache
def npm_packages() -> tuple[str, Path]:
    """The program ``node`` and the folder in which the packages of package.json are installed."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        _without("other readers cannot be asked: install Node.js 18 or newer with npm")
    wanted = hashlib.sha256((HERE / "package.json").read_bytes()).hexdigest()[:16]
    folder = user_cache_path("supportapp-tests") / f"readers-{wanted}"
    if not (folder / "node_modules").is_dir():
        _install(npm, folder)
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
            _without(f"the packages could not be installed with npm: {answer.stderr.decode()[-500:]}")
        try:
            fresh.rename(folder)
        except OSError:  # another test process was quicker
            assert (folder / "node_modules").is_dir()


def _without(sentence: str) -> NoReturn:
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(sentence)
    pytest.skip(sentence)
