"""Writes rows of predictions, and annotated photos and videos."""
