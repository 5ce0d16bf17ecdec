"""What the tests of the pages of those who follow orders share."""

import uuid

from django.test import Client


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def text_of(answer):
    return answer.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


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
