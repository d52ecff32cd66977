"""FER+'s own benchmark: its eight classes, and the faces of its three parts."""
