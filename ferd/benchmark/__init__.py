"""Scores networks on FER+'s own benchmark."""
