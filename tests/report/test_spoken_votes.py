"""ferd.report.web.spoken_votes: votes belong to the image whose name is the row in FER2013."""

import pandas as pd

from ferd.report.web.spoken_votes import spoken_votes


def test_votes_are_those_of_the_row_named_the_most_frequent_first():
    votes = pd.DataFrame({"angry": [1, 0], "happy": [2, 3], "no_face": [7, 3]})
    texts = spoken_votes(votes, ["test/happy/1", "test/angry/00000"])
    assert texts == {
        "test/happy/1": "happy 3, no face 3",
        "test/angry/00000": "no face 7, happy 2, angry 1",
    }
