"""docs/models.md: the networks of the package, and why one is the default."""
