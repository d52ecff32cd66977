"""Reads photos, animations, videos and cameras as upright RGB frames."""
