"""What happens at an event. Imports nothing of ours."""
