"""The first two national accounts of a deployment: nobody is there yet to decide of them.

All others are decided by two people. Each receives a link that proves the address and lets them
choose a password: no password ever passes through the command.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.backends import person_named
from accounts.models import Domain, Habilitation, Profile, Role, User
from accounts.notices.sealed import queue_written
from accounts.services.errors import AccountError
from accounts.services.profiles import create_profile, grant_habilitation
from establishments.models import AdministrativeBody
from journal.services import record

REASON = "premiers comptes nationaux du déploiement"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to whom an account is opened; the names may be empty."""

    email: str
    first_name: str = ""
    last_name: str = ""


@transaction.atomic
def create_national_accounts(people: Sequence[Person]) -> list[User]:
    """Open the first two national accounts; asked again for the same two, change nothing.

    Raise ``AccountError`` when the deployment already has a national account, or when an address
    belongs to an account that cannot be trusted with it.
    """
    if len({person.email.lower() for person in people}) != 2:
        raise AccountError("Donnez deux adresses différentes : il faut deux personnes.")
    cell = _locked_national_cell()
    held = _people_of(cell)
    known = [person_named(person.email) for person in people]
    if held:
        users = [user for user in known if user in held]
        if len(users) != 2:
            raise AccountError(
                "Ce déploiement a déjà un compte national : les suivants se décident à deux, "
                "à l’écran. Rien n’a changé."
            )
        return users
    return [_open(person, user, cell) for person, user in zip(people, known, strict=True)]


def send_password_link(user: User) -> None:
    """Queue the mail whose link lets one choose a password."""
    path = reverse(
        "account_reset_password_from_key",
        args=[user_pk_to_url_str(user), default_token_generator.make_token(user)],
    )
    context = {
        "user": user,
        "link": f"{settings.SITE_URL}{path}",
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        "current_site": {"name": settings.PRODUCT_NAME},
    }
    subject = render_to_string("account/email/national_account_subject.txt", context).strip()
    text = render_to_string("account/email/national_account_message.txt", context)
    prefixed = f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}"
    lasts = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    queue_written(prefixed, text, user.email, lasts=lasts)


def _locked_national_cell() -> AdministrativeBody:
    """The national cell, locked: of two commands at once, the second finds the accounts made."""
    cells = AdministrativeBody.objects.select_for_update()
    cell = cells.filter(kind=AdministrativeBody.Kind.NATIONAL).first()
    if cell is None:
        raise AccountError(
            "La cellule nationale n’existe pas encore : lancez d’abord « manage.py "
            "load_reference »."
        )
    return cell


def _people_of(cell: AdministrativeBody) -> set[User]:
    """Those who are, or may become again without the command, the national cell."""
    rights = Habilitation.objects.filter(
        profile__body=cell,
        profile__state__in=Profile.LIVING,
        role=Role.NATIONAL_CELL,
        state__in=[Habilitation.State.PENDING, Habilitation.State.ACTIVE],
    )
    return set(User.objects.filter(pk__in=rights.values("profile__user")))


def _open(person: Person, user: User | None, cell: AdministrativeBody) -> User:
    if user is None:
        user = _create_user(person)
    elif not _is_trusted(user):
        raise AccountError(
            f"{person.email} est celle d’un compte désactivé ou dont l’adresse n’a pas été "
            "vérifiée : faites-la vérifier, ou donnez une autre adresse. Rien n’a changé."
        )
    profile = create_profile(user, cell, by=None, reason=REASON)
    for domain in Domain:
        grant_habilitation(profile, domain, Role.NATIONAL_CELL, by=None, reason=REASON)
    record("account.national_account_created", by=None, target=user.username, reason=REASON)
    return user


def _is_trusted(user: User) -> bool:
    addresses = EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True)
    return user.is_active and bool(addresses.exists())


def _create_user(person: Person) -> User:
    """Nobody logs in before the link sent to the address was followed: that verifies it."""
    words = [person.first_name, person.last_name]
    if not any(words):
        words = person.email.partition("@")[0].split(".")
    user = User(
        username=get_adapter().generate_unique_username(words),
        email=person.email,
        first_name=person.first_name,
        last_name=person.last_name,
    )
    user.set_unusable_password()
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user
