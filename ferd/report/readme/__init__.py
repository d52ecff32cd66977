"""The generated parts of README.md."""
