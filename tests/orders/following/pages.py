"""What the tests of the pages of those who follow orders share."""

import uuid
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def text_of(answer):
    return answer.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def picture(size=(900, 600), kind="JPEG", **options):
    """The content of a plain image."""
    file = BytesIO()
    Image.new("RGB", size, "teal").save(file, kind, **options)
    return file.getvalue()


def photo(content=None, name="colis.jpg", content_type="image/jpeg"):
    return SimpleUploadedFile(name, content or picture(), content_type)


def typed(world, masks=("400", "", ""), gloves=("200", "", ""), **more):
    """The fields of a reception: received, damaged, reason for each line."""
    sent = {"recue_le": "", "commentaire": "", "jeton": str(uuid.uuid4()), "vu": ""}
    if world.shipment is not None:
        sent["expedition"] = world.shipment.pk
    for line, values in ((world.masks, masks), (world.gloves, gloves)):
        names = ("recu", "abime", "motif")
        sent |= {f"{name}-{line.pk}": value for name, value in zip(names, values, strict=True)}
    sent["recue_le"] = f"{world.today:%Y-%m-%d}"
    return sent | more
