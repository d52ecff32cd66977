"""Exports trained networks and compares the files with Keras."""
