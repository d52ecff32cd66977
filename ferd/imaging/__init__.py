"""Decodes images, detects faces and frames them, for the study and for prediction."""
