"""Draws faces, and the demo that runs the study on them."""
