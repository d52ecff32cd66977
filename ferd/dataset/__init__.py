"""The data set: read, cropped, searched for copies, split into parts."""
