"""The face detectors of photos and videos: `fast` and `dlib`."""
