"""ical.js as a reader of our calendars."""

import json
import shutil
import subprocess
from typing import Any

from tests.readers.npm_packages import HERE, npm_packages

READ_SECONDS = 60


def read_with_ical_js(content: bytes) -> dict[str, Any]:
    """Give what ical.js understood: name, method and the entries in the order of the file."""
    node, folder = npm_packages()
    shutil.copyfile(HERE / "read_calendar.mjs", folder / "read_calendar.mjs")
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
