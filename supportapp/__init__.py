"""What people see, and how it is wired. May import everything; nothing imports it."""

__version__ = "0.1.0"
