"""The networks of the package: made of trained ones; cards; the default."""
