"""What leaves as a file. Imports events and volunteers: rows and queries only."""
