"""The command `ferd`."""
