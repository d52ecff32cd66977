"""Trains networks; scores nothing."""
