"""FER+'s own benchmark: its eight classes, and which images have a label."""
