"""What the commands share: the values of options, and a lock."""
