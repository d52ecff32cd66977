"""Fits PyCaret's votes and stacks on a network's features."""
