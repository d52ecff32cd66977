"""Writes tables, sentences, figures and the report page from metrics/."""
