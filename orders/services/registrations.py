"""A person registers the profile that orders: once, changed when they want [003]."""

from dataclasses import asdict, dataclass

from django.db import transaction

from accounts.models import Profile, User
from journal.services import record
from orders.models import Registration
from orders.services.errors import OrderingError


@dataclass(frozen=True, slots=True)
class Told:
    """The fields of the form of [003]."""

    civility: str
    first_name: str
    last_name: str
    email: str
    phone: str
    status: str


@transaction.atomic
def register(*, by: User, profile: Profile, told: Told) -> Registration:
    """Keep what a person says of themselves under one of their profiles; journaled."""
    if profile not in by.usable_profiles:
        raise OrderingError("Ce profil n’est pas le vôtre, ou n’est plus utilisable.")
    Profile.objects.select_for_update(of=("self",), no_key=True).get(pk=profile.pk)
    row: Registration
    row, is_new = Registration.objects.get_or_create(profile=profile, defaults=asdict(told))
    changed = [name for name, value in asdict(told).items() if getattr(row, name) != value]
    if not is_new and not changed:
        return row
    if changed:
        for name in changed:
            setattr(row, name, getattr(told, name))
        row.save()
    verb = "orders.registered" if is_new else "orders.registration_changed"
    record(verb, by=by, target=profile, place=profile.establishment or profile.legal_entity)
    return row
