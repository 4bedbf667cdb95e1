"""Backups: the whole data in one sealed file, and the proof that it can be put back."""
