"""What the archive of a person holds of the help: each room tells its own."""

from accounts.models import User
from accounts.own_data import Part
from support.contact import own_data as contact
from support.forum import own_data as forum

TOLD = {*contact.TOLD, *forum.TOLD}


def parts(user: User) -> list[Part]:
    return [*contact.parts(user), *forum.parts(user)]
