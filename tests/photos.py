"""Photos as a browser sends them, for the tests of the forms that take one."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def picture(size=(900, 600), kind="JPEG", **options):
    """The content of a plain image."""
    file = BytesIO()
    Image.new("RGB", size, "teal").save(file, kind, **options)
    return file.getvalue()


def photo(content=None, name="colis.jpg", content_type="image/jpeg"):
    return SimpleUploadedFile(name, content or picture(), content_type)
