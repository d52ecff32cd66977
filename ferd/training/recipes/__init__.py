"""Trains residual networks by recipes."""
