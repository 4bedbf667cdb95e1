"""``python -m supportapp`` is the same as the command ``supportapp``."""

from supportapp.cli import main

main()
