"""docs/results.md: the main results on one page."""
