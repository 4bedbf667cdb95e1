"""Pieces of screens, without words of the domain."""
