"""Detects and crops the faces of many images."""
