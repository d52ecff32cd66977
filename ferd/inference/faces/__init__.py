"""Finds the faces of frames, follows them, and cuts out what a network is shown."""
