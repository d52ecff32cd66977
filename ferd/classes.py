"""The seven expression classes, in the one order used everywhere (the paper's, alphabetical)."""

CLASSES = ("angry", "disgust", "fear", "happy", "neutral", "sad", "surprise")
SPLITS = ("train", "test")
