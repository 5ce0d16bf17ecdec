"""The mails of delivery addresses: to who decides, then to who proposed."""

from django.urls import reverse

from accounts.agencies import agency_addresses
from accounts.deciders import ARS, Place, own_places, rights_from
from accounts.notices.aid import write_to
from common.french import of
from orders.models import DeliveryAddress

State = DeliveryAddress.State


def tell_proposed(row: DeliveryAddress) -> None:
    """To the other administrators of the place; where there is none, to its ARS."""
    write_to(
        _deciders(row),
        subject=f"Adresse de livraison à valider\u00a0: {row.label}",
        lines=(
            f"{row.proposed_by} propose une adresse de livraison {of(row.holder)}\u00a0: {row}.",
            f"Motif\u00a0: {row.reason}",
            "Une autre personne la valide\u00a0: aucune commande n’y part avant.",
        ),
        path=reverse("orders:address", args=[row.pk]),
    )


def tell_decided(row: DeliveryAddress) -> None:
    if row.proposed_by is None:
        return
    answer = f"Réponse\u00a0: {row.answer}" if row.answer else "Vous pouvez y faire livrer."
    write_to(
        [row.proposed_by.email],
        subject=f"Adresse de livraison {row.get_state_display()}\u00a0: {row.label}",
        lines=(f"{row}, {row.get_state_display()} par {row.decided_by}.", answer),
        path=reverse("orders:address", args=[row.pk]),
    )


def tell_retired(row: DeliveryAddress) -> None:
    """To who proposed it, when somebody else takes it off."""
    if row.proposed_by is None or row.proposed_by == row.retired_by:
        return
    write_to(
        [row.proposed_by.email],
        subject=f"Adresse de livraison retirée\u00a0: {row.label}",
        lines=(
            f"{row}, retirée par {row.retired_by}.",
            "On ne peut plus y faire livrer. Les commandes déjà transmises y arrivent.",
        ),
        path=reverse("orders:address", args=[row.pk]),
    )


def _deciders(row: DeliveryAddress) -> list[str]:
    if row.agency:
        return _administrators({(ARS, row.agency.region_id)}, row)
    places: set[Place] = set(own_places(row.beneficiary.place))
    return _administrators(places, row) or agency_addresses(row.beneficiary.region)


def _administrators(places: set[Place], row: DeliveryAddress) -> list[str]:
    rights = rights_from(places).exclude(profile__user=row.proposed_by)
    rows = rights.select_related("profile__user").order_by("pk")
    return list(dict.fromkeys(one.profile.mail_address for one in rows))
