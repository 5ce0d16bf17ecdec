"""A care home that may order masks and gloves this week, with the people who do."""

import re
from types import SimpleNamespace
from uuid import uuid4

from orders.models import Quota, RegionalPool, Registration, Stock, Tension
from orders.services.drafts import draft_of, save_lines
from orders.services.holders import Holder
from orders.services.ordering import submit
from orders.services.pool_orders import send_pool_order
from orders.services.sending import Delivery
from tests.builders import make_person, make_region
from tests.orders.builders import (
    GLOVES,
    make_address,
    make_beneficiary,
    make_item,
    make_pool,
    make_product,
    make_quota,
    make_stock,
    make_tension,
)


def make_world(granted=1_000, available=100_000):
    """Masks by 50; gloves by 100 in two sizes under one quota."""
    home = make_beneficiary()
    masks = make_product(label="Masques FFP2")
    gloves = [
        make_product(make_item(GLOVES), label="Gants", size=size, units_per_pack=100)
        for size in ("S", "M")
    ]
    world = SimpleNamespace(home=home, holder=Holder(beneficiary=home), masks=masks, gloves=gloves)
    world.region = home.region
    for item in (masks.item, gloves[0].item):
        if not Tension.objects.filter(item=item).exists():
            make_tension(item)
    world.quota = make_quota(home, masks.item, granted=granted)
    world.gloves_quota = make_quota(home, gloves[0].item, granted=granted)
    world.stock = make_stock(masks, available)
    for one in gloves:
        make_stock(one, available)
    world.address = make_address(home)
    world.delivery = Delivery(world.address, "Hélène Vasseur", "02 00 00 02 10")
    world.operator = make_person("OCE", on=home.establishment)
    return world


def order(world, lines, by=None, token=None, **fields):
    return submit(
        by=by or world.operator,
        beneficiary=world.home,
        lines={one.pk: units for one, units in lines.items()},
        delivery=fields.pop("delivery", world.delivery),
        token=token or uuid4(),
        **fields,
    )


def basket(world, lines, by=None):
    return save_lines(
        by=by or world.operator,
        holder=world.holder,
        lines={one.pk: units for one, units in lines.items()},
    )


def make_agency_world(granted=1_000, available=100_000):
    """The same region seen by its ARS, which orders on its pool."""
    world = make_world(available=available)
    world.pool = make_pool(world.region, world.masks.item, granted=granted)
    world.ara = make_person("ARA", on=make_region())
    world.agency = world.ara.active_profile.body
    return world


def pool_order(world, units, token=None, address=None, by=None, **fields):
    return send_pool_order(
        by=by or world.ara,
        agency=world.agency,
        lines={world.masks.pk: units},
        address=address or world.address,
        contact_name="Camille Roy",
        contact_phone="02 00 00 02 11",
        token=token or uuid4(),
        **fields,
    )


def left(row):
    """What a counter says now: (used, granted) or (available, reserved)."""
    row.refresh_from_db()
    if isinstance(row, Stock):
        return row.available, row.reserved
    assert isinstance(row, Quota | RegionalPool)
    return row.used, row.granted


def located(client):
    """The same, its operator logged in."""
    world = located_for()
    client.force_login(world.operator)
    return world


def located_for():
    """As ``make_world``, at an address that FINESS tells; its operator is registered."""
    world = make_world(granted=1_200)
    site = world.home.establishment
    site.address, site.postal_code = world.address.lines, world.address.postal_code
    site.town, site.name = world.address.town, world.address.label
    site.save()
    registered(world.operator)
    return world


def registered(person):
    profile = person.active_profile
    Registration.objects.get_or_create(
        profile=profile,
        defaults={
            "civility": "mme", "status": "private", "first_name": "Hélène", "last_name": "Vasseur",
            "email": person.email, "phone": "02 00 00 02 10",
        },
    )  # fmt: skip


def typed(world, lines, action="transmettre", **fields):
    """What the form of the basket sends."""
    draft = draft_of(world.operator, world.holder)
    data = {f"produit-{one.pk}": units for one, units in lines.items()}
    return data | {
        "adresse": world.address.pk,
        "contact": "Hélène Vasseur",
        "telephone": "02 00 00 02 10",
        "jeton": draft.token if draft else "",
        "vue": draft.saved_at.isoformat() if draft else "",
        "action": action,
        **fields,
    }


def text_of(response):
    """Narrow spaces stay: they are in numbers."""
    page = response.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ")
    return re.sub(r"[ \n]+", " ", page)
