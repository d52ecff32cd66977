"""The paper's data set sizes, for comparison with ours."""

# Images per class before cropping: the columns "train" and "test" of the paper's table of its
# data, in its section on the dataset (28,821 and 7,066 in all).
PAPER_IMAGES = {
    "train": {
        "angry": 3993,
        "disgust": 436,
        "fear": 4103,
        "happy": 7164,
        "neutral": 4982,
        "sad": 4938,
        "surprise": 3205,
    },
    "test": {
        "angry": 960,
        "disgust": 111,
        "fear": 1018,
        "happy": 1825,
        "neutral": 1216,
        "sad": 1139,
        "surprise": 797,
    },
}
