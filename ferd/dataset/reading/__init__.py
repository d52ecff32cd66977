"""Reads a user's data in any of the usual layouts."""
