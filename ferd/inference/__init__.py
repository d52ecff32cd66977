"""Predicts the expressions of faces in photos, videos and arrays."""
