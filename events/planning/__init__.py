"""Planning: a workshop and its sessions from the first idea to cancel, postpone and plan again."""
