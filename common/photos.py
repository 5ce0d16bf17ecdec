"""A photo sent by a person: read for what it is, drawn again, and nothing else of it kept.

``PhotoField`` takes it in a form, ``photo_response`` gives it back (decision 0062).
"""

import zlib
from dataclasses import dataclass
from io import BytesIO
from struct import error as StructError  # noqa: N812  # the name of the standard library
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from PIL import Image, ImageFile, ImageOps

HEAVIEST = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000  # more than the cameras of phones make by themselves
LARGEST_SIDE = 1_600  # enough to read a label
QUALITY = 80
FORMATS = ("JPEG", "PNG")
UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, StructError, zlib.error)
ACCEPTED = "Envoyez une photo JPEG ou PNG de 5\u00a0Mo au plus."


class PhotoError(Exception):
    """The file is not a photo that can be kept. The message is for the person, in French."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A JPEG of ours: no place, no date, no name of a device in it."""

    content: bytes
    width: int
    height: int


def draw_again(sent: "UploadedFile[bytes]") -> Drawn:
    """Read the image by its content, whatever its name, and draw it again, upright and smaller.

    Raise ``PhotoError``, with a sentence that says what is accepted.
    """
    if (sent.size or 0) > HEAVIEST:
        raise PhotoError(f"Cette photo est trop lourde. {ACCEPTED}")
    try:
        return _drawn(BytesIO(sent.read(HEAVIEST + 1)))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large() from None
    except UNREADABLE:
        raise PhotoError(f"Ce fichier n’est pas une photo lisible. {ACCEPTED}") from None


def _drawn(file: BytesIO) -> Drawn:
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # the library of our PDFs allows them, for everybody
    with Image.open(file, formats=FORMATS) as image:
        if image.width * image.height > MOST_PIXELS:
            raise _too_large()
        image.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))  # a JPEG is then read already reduced
        image.thumbnail((LARGEST_SIDE, LARGEST_SIDE))  # before anything copies it
        plain = _on_white(ImageOps.exif_transpose(image))
    written = BytesIO()
    plain.save(written, "JPEG", quality=QUALITY, optimize=True)
    return Drawn(written.getvalue(), plain.width, plain.height)


def _on_white(image: Image.Image) -> Image.Image:
    """Without transparency, which a JPEG does not hold."""
    layer = image.convert("RGBA")
    plain = Image.new("RGB", layer.size, "white")
    plain.paste(layer, mask=layer.getchannel("A"))
    return plain


def _too_large() -> PhotoError:
    return PhotoError(f"Cette image a trop de points. {ACCEPTED}")


class PhotoField(forms.FileField):
    """Read by its content and drawn again: what comes out is ours."""

    def __init__(self, *, label: str = "Photo", help_text: str = ACCEPTED) -> None:
        widget = forms.FileInput({"accept": "image/jpeg,image/png"})
        super().__init__(label=label, required=False, help_text=help_text, widget=widget)

    def clean(self, data: Any, initial: Any = None) -> Drawn | None:
        sent = super().clean(data, initial)
        if not sent:
            return None
        try:
            return draw_again(sent)
        except PhotoError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class SeveralPhotos(forms.FileInput):
    """One button for a few files."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """A few photos, each read by its content and drawn again; none is an empty list."""

    def __init__(self, *, label: str = "Captures d’écran", most: int = 3) -> None:
        widget = SeveralPhotos({"accept": "image/jpeg,image/png"})
        self.most = most
        help_text = f"{most} au plus, JPEG ou PNG de 5\u00a0Mo au plus chacune."
        super().__init__(label=label, required=False, help_text=help_text, widget=widget)

    def clean(self, data: Any, initial: Any = None) -> list[Drawn]:
        sent = [one for one in (data or []) if one]
        if len(sent) > self.most:
            raise forms.ValidationError(f"Joignez {self.most} images au plus.")
        return [self._drawn(one) for one in sent]

    def _drawn(self, one: Any) -> Drawn:
        whole = super().clean(one)
        try:
            return draw_again(whole)
        except PhotoError as refusal:
            raise forms.ValidationError(f"{one.name}\u00a0: {refusal}") from refusal


def photo_response(content: bytes, name: str) -> HttpResponse:
    """The image itself: never as a page, never as a script. ``name`` is of ours, without dots."""
    response = HttpResponse(bytes(content), content_type="image/jpeg")
    response["Content-Disposition"] = f'inline; filename="{name}.jpg"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
