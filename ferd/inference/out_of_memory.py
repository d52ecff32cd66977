"""Recognizes that memory has run out, which each library says in its own way."""

import cv2

NO_MEMORY = -4  # OpenCV's code
ONNX_RUNTIME = ("Failed to allocate memory", "bad_alloc", "bad allocation")
PHOTO = (
    "needs more memory than there is (out of memory) to search its faces: see --threads 1, "
    "--longest-side, --max-pixels"
)
COMMAND = "ferd: out of memory: see --threads 1, --batch-size 1, --max-pixels"


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an exception says so."""
    if isinstance(error, MemoryError):
        return True
    if isinstance(error, cv2.error):
        return getattr(error, "code", None) == NO_MEMORY
    return any(words in str(error) for words in ONNX_RUNTIME)
