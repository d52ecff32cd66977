"""Finds copies among images, and labels that annotators contradict."""
