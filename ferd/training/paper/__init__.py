"""Trains the paper's network and its variants."""
