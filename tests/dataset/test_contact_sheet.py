"""ferd.dataset.crop.contact_sheet: each image is complete in its place, with white elsewhere."""

import numpy as np

from ferd.dataset.crop.contact_sheet import contact_sheet


def image(seed):
    return np.random.default_rng(seed).integers(0, 200, (3, 3), dtype=np.uint8)


def test_each_image_stands_in_its_row_and_column_magnified_pixel_by_pixel():
    rows = [[image(0), image(1)], [image(2), image(3)]]
    sheet = contact_sheet(rows, zoom=2, gap=1)
    assert sheet.shape == (2 * 7 + 1, 2 * 7 + 1) and sheet.dtype == np.uint8
    for y, row in enumerate(rows):
        for x, one in enumerate(row):
            place = sheet[1 + 7 * y : 7 + 7 * y, 1 + 7 * x : 7 + 7 * x]
            assert np.array_equal(place, one.repeat(2, axis=0).repeat(2, axis=1))


def test_everything_between_the_images_is_white():
    black = np.zeros((3, 3), np.uint8)
    sheet = contact_sheet([[black, black], [black, black]], zoom=2, gap=4)
    assert (sheet == 0).sum() == 4 * 36 and (sheet == 255).sum() == sheet.size - 4 * 36
    for at in (0, 3, 10, 13, 20, 23):
        assert (sheet[at] == 255).all() and (sheet[:, at] == 255).all()


def test_a_short_row_is_filled_with_white():
    sheet = contact_sheet([[], [image(0), image(1)], [image(2)]], zoom=1, gap=0)
    assert sheet.shape == (9, 6)
    assert (sheet[:3] == 255).all() and (sheet[6:, 3:] == 255).all()
    assert np.array_equal(sheet[3:6, 3:], image(1)) and np.array_equal(sheet[6:, :3], image(2))


def test_no_image_at_all_gives_one_white_pixel():
    for rows in ([], [[], []]):
        assert contact_sheet(rows).tolist() == [[255]]
