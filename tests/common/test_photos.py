"""A photo is what it holds, not its name; drawn again, nothing else of it stays."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageFile

from common.photos import HEAVIEST, LARGEST_SIDE, PhotoError, draw_again
from tests.photos import photo, picture


def opened(drawn):
    return Image.open(BytesIO(drawn.content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_photo_comes_out_a_smaller_jpeg_whatever_it_was(kind):
    drawn = draw_again(photo(picture((3_000, 2_000), kind), "sans-nom"))
    image = opened(drawn)
    assert (image.format, image.size) == ("JPEG", (drawn.width, drawn.height))
    assert max(image.size) <= LARGEST_SIDE


def test_where_and_when_it_was_taken_is_forgotten_and_it_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Marque de téléphone"
    exif.get_ifd(0x8825)[2] = (47.0, 54.0, 9.0)
    content = picture((800, 400), exif=exif) + b"<script>alert(1)</script>"
    drawn = draw_again(photo(content))
    assert (drawn.width, drawn.height) == (400, 800)
    assert not opened(drawn).getexif()
    assert b"script" not in drawn.content
    assert b"Marque" not in drawn.content


def test_a_transparent_png_is_drawn_on_white():
    file = BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(file, "PNG")
    assert opened(draw_again(photo(file.getvalue()))).getpixel((5, 5)) == (255, 255, 255)


def bomb(side):
    """A PNG of a few bytes that declares many points."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\x00" * 1_000)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", header), chunk(b"IDAT", pixels), chunk(b"IEND", b""))
    )


@pytest.mark.parametrize("side", [7_000, 12_000, 40_000])
def test_a_bomb_is_refused_before_it_is_read(side):
    with pytest.raises(PhotoError, match="trop de points"):
        draw_again(photo(bomb(side)))


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 un classeur",
        b"<html><script>alert(1)</script>",
        b"GIF89a" + b"\x00" * 40,
        picture()[:400],
        bomb(300),
        b"\xff\xd8\xff\xe0" + b"\x00" * 100,
    ],
    ids=["zip", "html", "gif", "cut", "short", "empty"],
)
def test_what_is_not_a_whole_photo_is_refused(content):
    with pytest.raises(PhotoError, match="pas une photo lisible"):
        draw_again(photo(content))


def test_a_photo_cut_short_is_refused_whatever_another_library_allows(monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    with pytest.raises(PhotoError, match="pas une photo lisible"):
        draw_again(photo(picture()[:2_000]))


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "GIF", "WEBP"])
def test_another_kind_of_image_is_refused(kind):
    with pytest.raises(PhotoError):
        draw_again(photo(picture((20, 20), kind), "photo.jpg"))


def test_more_than_five_megabytes_is_refused():
    with pytest.raises(PhotoError, match="trop lourde"):
        draw_again(photo(b"\xff\xd8" + b"\x00" * HEAVIEST))
