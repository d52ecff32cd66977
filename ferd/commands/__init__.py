"""What the commands share: the numbers of options, and a lock."""
