"""Sentences on what the study found; every verdict follows from metrics/."""
