"""How long `supportapp demo` takes from the command to an answer, beside importing everything at once.

    python tests/benchmarks/start.py [--rounds 5]

Both in fresh interpreters, in turn, on the same machine; the demo's data is there already. Then the first page is
fetched, all screens are imported, and the process is asked which heavy libraries it holds: there must be none.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

HEAVY = ("pandas", "numpy", "openpyxl", "highspy", "ics")
SECONDS = 120.0
_IMPORT_ALL = "import supportapp.cli, supportapp.server, " + ", ".join(HEAVY)
# The server of the demo in this very process, so that it can say what it has loaded once it has served.
_WITNESS = """
import importlib, json, os, pkgutil, signal, sys, threading, urllib.request
from supportapp.cli import main
import supportapp.cli as cli
import supportapp.views

def look(url):
    try:
        for path in ("/", "/healthz"):
            with urllib.request.urlopen(url + path, timeout=60) as answer:
                answer.read()
        for module in pkgutil.iter_modules(supportapp.views.__path__, "supportapp.views."):
            importlib.import_module(module.name)  # as the app does for whoever opens it, and more
        print(json.dumps([name for name in {heavy!r} if name in sys.modules]), flush=True)
    finally:
        os.kill(os.getpid(), signal.SIGINT)

cli._say_address = lambda url: threading.Thread(target=look, args=(url,), daemon=True).start()
main(["serve", "--no-browser", "--port", "0", "--database", sys.argv[1]])
"""


def demo_command(database: str) -> list[str]:
    """The command as a person types it, on a free port."""
    return [sys.executable, "-m", "supportapp", "demo", "--no-browser", "--json", "--port", "0", "--database", database]


def until_it_answers(database: str) -> float:
    """Seconds from the command to the first answer of /healthz; the process is ended afterwards."""
    began = time.perf_counter()
    process = subprocess.Popen(demo_command(database), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        with urllib.request.urlopen(f"{url}/healthz", timeout=SECONDS) as answer:
            assert json.load(answer)["status"] == "ok"
        return time.perf_counter() - began
    finally:
        process.kill()
        process.communicate()


def importing_everything() -> float:
    """Seconds for a fresh interpreter to import all that the product can ever need."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", _IMPORT_ALL], check=True, timeout=SECONDS)
    return time.perf_counter() - began


def heavy_after_the_first_screen(database: str) -> list[str]:
    """Which heavy libraries a server holds after its first page, with every screen imported."""
    witness = _WITNESS.format(heavy=HEAVY)
    done = subprocess.run(
        [sys.executable, "-c", witness, database], capture_output=True, text=True, timeout=SECONDS, check=False
    )
    found: list[str] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def main() -> None:
    """Print the figures; status 1 when a heavy library is loaded too early."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=5)
    rounds = options.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder) / 'demo.db'}"
        first = until_it_answers(database)  # makes the data
        pairs = [(until_it_answers(database), importing_everything()) for _ in range(rounds)]
        heavy = heavy_after_the_first_screen(database)
    starts, imports = ([pair[side] for pair in pairs] for side in (0, 1))
    start, all_at_once = statistics.median(starts), statistics.median(imports)
    print(f"first start, data made:           {first:6.2f} s")
    span = f"{min(starts):.2f} to {max(starts):.2f}, {rounds} rounds"
    print(f"demo to /healthz, data there:     {start:6.2f} s  ({span})")
    print(f"importing everything at once:     {all_at_once:6.2f} s  ({min(imports):.2f} to {max(imports):.2f})")
    print(f"ratio:                            {start / all_at_once:6.2f}")
    print(f"loaded after the first screen:    {', '.join(heavy) or 'none of ' + ', '.join(HEAVY)}")
    sys.exit(bool(heavy))


if __name__ == "__main__":
    main()
