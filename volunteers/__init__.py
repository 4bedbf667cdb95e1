"""Who helps, and where. Imports only events."""
