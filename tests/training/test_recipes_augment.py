"""ferd.training.recipes.augment: each change has its effect, and none if it is off."""

import numpy as np

from ferd.training.recipes.augment import augment_faces, erase, relight, views_of

OFF = {
    "crop_size": 12,
    "flip": False,
    "rotation_degrees": 0.0,
    "zoom": 0.0,
    "brightness": 0.0,
    "contrast": 0.0,
    "erasing": 0.0,
}
FACES = np.random.default_rng(1).integers(0, 256, (40, 12, 12), dtype=np.uint8)


def augment(seed=0, **changes):
    return augment_faces(FACES, np.random.default_rng(seed), OFF | changes)


def test_all_off_gives_the_faces_back():
    np.testing.assert_array_equal(augment(), FACES)


def test_a_crop_is_a_window_of_the_face_and_not_always_the_same():
    places = set()
    for view, face in zip(augment(crop_size=8), FACES, strict=True):
        found = [
            (top, left)
            for top in range(5)
            for left in range(5)
            if (face[top : top + 8, left : left + 8] == view).all()
        ]
        assert len(found) == 1
        places.add(found[0])
    assert len(places) > 8 and {top for top, _ in places} >= {0, 2, 4}


def test_flip_mirrors_about_half_of_the_faces_and_leaves_the_others():
    views = augment(flip=True)
    mirrored = (views == FACES[:, :, ::-1]).all(axis=(1, 2))
    same = (views == FACES).all(axis=(1, 2))
    assert (mirrored | same).all() and 10 <= mirrored.sum() <= 30


def test_switching_one_kind_on_leaves_the_draws_of_the_others():
    flipped = (augment(flip=True) == FACES[:, :, ::-1]).all(axis=(1, 2))
    both = augment(flip=True, erasing=1.0)
    for index in np.flatnonzero(flipped):
        changed = both[index] != FACES[index, :, ::-1]
        assert changed.mean() < 0.35


def test_erasing_replaces_one_rectangle_of_at_most_a_fifth_or_so():
    for view, face in zip(augment(erasing=1.0), FACES, strict=True):
        rows, columns = np.nonzero(view != face)
        area = (np.ptp(rows) + 1) * (np.ptp(columns) + 1) if len(rows) else 0
        assert area <= 0.25 * 144


def test_erased_rectangle_stays_inside_at_the_extremes():
    for draws in ([0, 0, 0, 0], [0.999] * 4, [0.999, 0, 0.999, 0]):
        image = FACES[0].copy()
        erase(image, draws, np.random.default_rng(0))
        assert (image != FACES[0]).any() and (image == FACES[0]).any()


def test_relight_scales_levels_and_their_spread():
    face = np.array([[100, 120], [80, 100]], np.uint8)
    np.testing.assert_array_equal(relight(face, 0.5, 0.0), [[150, 180], [120, 150]])
    np.testing.assert_array_equal(relight(face, 0.0, 0.5), [[100, 130], [70, 100]])
    assert relight(face, 0.0, 0.0) is face


def test_views_are_the_middle_its_mirror_and_the_corners():
    middle = FACES[:, 2:10, 2:10]
    np.testing.assert_array_equal(views_of(FACES, 8, "centre"), [middle])
    np.testing.assert_array_equal(views_of(FACES, 8, "flip"), [middle, middle[:, :, ::-1]])
    ten = views_of(FACES, 8, "ten")
    assert len(ten) == 10
    np.testing.assert_array_equal(ten[4], FACES[:, 4:, 4:])
    np.testing.assert_array_equal(ten[9], FACES[:, 4:, 4:][:, :, ::-1])
