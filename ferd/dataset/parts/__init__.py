"""Gives training, validation and test faces, their copies and their votes."""
