"""All that the service holds on a person: one file that machines read, one that people read.

An app above adds its own in ``<app>/own_data.py``: ``parts(user)``, and ``TOLD``, the models and
their fields that name the person and are told there.
"""

import io
import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import models
from django.template.loader import render_to_string
from django.utils import timezone
from pghistory.models import Event

from accounts.devices import describe_device
from accounts.identity.ways_in import name_of
from accounts.models import AccessRequest, Habilitation, Invitation, Profile, SignOn, User
from common.installed import modules
from journal.models import Entry

ACCOUNT = {
    "Identifiant": "username",
    "Adresse électronique": "email",
    "Prénom": "first_name",
    "Nom": "last_name",
    "Téléphone": "phone",
    "Numéro public": "public_id",
    "Compte ouvert le": "date_joined",
    "Dernière connexion": "last_login",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the file: its title, the names of its columns, its rows as people read them."""

    title: str
    headings: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def archive_of(user: User) -> bytes:
    """A ZIP with ``mes-donnees.json`` and ``mes-donnees.html``; no password nor key inside."""
    parts = parts_of(user)
    words = {
        part.title: [dict(zip(part.headings, row, strict=True)) for row in part.rows]
        for part in parts
    }
    page = render_to_string(
        "accounts/data_file.html", {"parts": parts, "person": user, "made_at": timezone.now()}
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mes-donnees.json", json.dumps(words, ensure_ascii=False, indent=2))
        archive.writestr("mes-donnees.html", page)
    return file.getvalue()


def parts_of(user: User) -> list[Part]:
    above = [one for one in modules("own_data") if one.__name__ != __name__]
    told = {pair for module in above for pair in module.TOLD}
    return [
        part("Compte", tuple(ACCOUNT), [tuple(getattr(user, name) for name in ACCOUNT.values())]),
        part("Adresses", ("Adresse", "Vérifiée", "Principale"), _addresses(user)),
        part("Seconds facteurs", ("Sorte", "Ajouté le", "Utilisé le"), _factors(user)),
        part("Sessions ouvertes", ("Ouverte le", "Appareil", "Adresse IP"), _sessions(user)),
        part("Identités reliées", IDENTITIES, _identities(user)),
        part("Applications ouvertes", SIGN_ONS, _sign_ons(user)),
        part("Profils", PROFILES, _profiles(user)),
        part("Habilitations", RIGHTS, _rights(user)),
        part("Demandes", REQUESTS, _requests(user)),
        part("Invitations reçues", ("Envoyée le", "Par", "Pour"), _invitations(user)),
        part("Journal", JOURNAL, _journal(user)),
        *(one for module in above for one in module.parts(user)),
        part("Ailleurs dans le service", ELSEWHERE, _elsewhere(user, told)),
    ]


IDENTITIES = ("Service", "Reliée le", "Utilisée le", "Ce que le service a dit de vous")
SIGN_ONS = ("Application", "Profil", "Ouverte le", "Finie le")
PROFILES = (
    "Entité",
    "État",
    "Demandé le",
    "Décidé le",
    "Adresse",
    "Confirmée le",
    "Téléphone",
    "Adresse postale",
)
RIGHTS = ("Entité", "Domaine", "Rôle", "État", "Du", "Au", "Motif")
REQUESTS = ("Entité", "Demandée le", "Message", "Issue", "Motif")
ELSEWHERE = ("Sorte", "Combien portent votre nom")
JOURNAL = ("Le", "Action", "Profil", "Objet", "Adresse IP", "Détails")


def part(title: str, headings: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> Part:
    return Part(title, headings, [tuple(_plain(value) for value in row) for row in rows])


def _plain(value: Any) -> Any:
    """As JSON and a person read it: the time in Paris, yes or no, nothing rather than « None »."""
    match value:
        case None:
            return ""
        case bool():
            return "oui" if value else "non"
        case datetime():
            return f"{timezone.localtime(value):%d/%m/%Y %H:%M}"
        case date():
            return f"{value:%d/%m/%Y}"
        case int() | str():
            return value
        case dict():
            return json.dumps(value, ensure_ascii=False) if value else ""
    return str(value)


def _addresses(user: User):
    return user.emailaddress_set.order_by("pk").values_list("email", "verified", "primary")


def _factors(user: User):
    factors = user.authenticator_set.order_by("pk")
    return [(one.get_type_display(), one.created_at, one.last_used_at) for one in factors]


def _sessions(user: User):
    sessions = user.usersession_set.order_by("pk")
    return [(one.created_at, describe_device(one.user_agent), one.ip) for one in sessions]


def _identities(user: User):
    accounts = SocialAccount.objects.filter(user=user).order_by("pk")
    return [
        (name_of(one.provider), one.date_joined, one.last_login, one.extra_data.get("userinfo"))
        for one in accounts
    ]


def _sign_ons(user: User):
    """The applications entered from here: ended for a month, they are forgotten."""
    sign_ons = SignOn.objects.filter(user=user).select_related(
        "application__client", "profile__establishment", "profile__legal_entity", "profile__body"
    )
    return [(str(one.application), one.profile, one.started_at, one.ended_at) for one in sign_ons]


def _profiles(user: User):
    profiles = Profile.objects.filter(user=user).with_entity()
    return [
        (
            str(one),
            one.get_state_display(),
            one.requested_at,
            one.decided_at,
            one.email,
            one.email_verified_at,
            one.phone,
            one.address,
        )
        for one in profiles
    ]


def _rights(user: User):
    rights = Habilitation.objects.filter(profile__user=user).select_related(
        "profile__establishment", "profile__legal_entity", "profile__body"
    )
    return [
        (
            str(one.profile),
            one.get_domain_display(),
            one.get_role_display(),
            one.get_state_display(),
            one.starts_on,
            one.ends_on,
            one.reason,
        )
        for one in rights.order_by("pk")
    ]


def _requests(user: User):
    requests = AccessRequest.objects.filter(profile__user=user).select_related(
        "profile__establishment", "profile__legal_entity", "profile__body"
    )
    return [
        (str(one.profile), one.asked_at, one.note, one.get_outcome_display(), one.reason)
        for one in requests
    ]


def _invitations(user: User):
    return [
        (one.created_at, str(one.invited_by), str(one.entity))
        for one in Invitation.objects.filter(email__iexact=user.email)
        .with_entity()
        .select_related("invited_by")
    ]


def _journal(user: User):
    """What one did, and what was done to one's account."""
    about = models.Q(by=user) | models.Q(target=user.username, at__gte=user.date_joined)
    return Entry.objects.filter(about).values_list(
        "at", "verb", "profile", "target", "address", "details"
    )


def _elsewhere(user: User, told: set[tuple[type[models.Model], str]]):
    """How many records of the other parts of the service bear the person's name."""
    whole = {Profile, AccessRequest, Entry, EmailAddress, SocialAccount, SignOn, UserSession}
    for relation in user._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete:
            continue
        model = relation.related_model
        # each row again at each change, and the view over all of them
        is_history = issubclass(model, Event) or model._meta.app_label == "pghistory"
        is_told = model in whole or (model, relation.field.name) in told
        if is_told or is_history or not relation.field.db_index:
            continue
        if count := model._base_manager.filter(**{relation.field.name: user}).count():
            yield f"{model._meta.verbose_name_plural} ({relation.field.verbose_name})", count
