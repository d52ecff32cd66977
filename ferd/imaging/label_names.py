"""How data sets of faces name the seven classes: in words, by number and in file names."""

import re

from ferd.classes import CLASSES

SYNONYMS = {
    "angry": ("angry", "anger"),
    "disgust": ("disgust", "disgusted"),
    "fear": ("fear", "fearful", "afraid"),
    "happy": ("happy", "happiness", "joy"),
    "neutral": ("neutral",),
    "sad": ("sad", "sadness"),
    "surprise": ("surprise", "surprised", "suprise"),  # the last is Kaggle's FER+
}
NAMES = {name: label for label, names in SYNONYMS.items() for name in names}
FER2013_ORDER = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
FER2013 = {str(number): label for number, label in enumerate(FER2013_ORDER)}
RAF_DB_ORDER = ("surprise", "fear", "disgust", "happy", "sad", "angry", "neutral")
RAF_DB = {str(number): label for number, label in enumerate(RAF_DB_ORDER, start=1)}
AFFECT_NET_ORDER = ("neutral", "happy", "sad", "surprise", "fear", "disgust", "angry", "contempt")
AFFECT_NET = {str(number): label for number, label in enumerate(AFFECT_NET_ORDER)}
LISTS = ("list_patition_label.txt", "list_partition_label.txt")  # the first is RAF-DB's spelling
JAFFE_CODES = {label[:2]: label for label in CLASSES}
JAFFE = re.compile(rf"[a-z]{{2}}\.({'|'.join(JAFFE_CODES)})\d*\.\d+\.[a-z]+", re.IGNORECASE)
