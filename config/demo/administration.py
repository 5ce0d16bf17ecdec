"""What waits to be decided in the demonstration: requests of every kind, invitations, a deputy."""

import secrets
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import AccessRequest, Domain, Habilitation, Invitation, Level, Profile, Role
from accounts.models import User as Person
from accounts.models.invitation import LIFETIME
from config.demo.country import FIRST_REGION
from config.demo.people import HOSPITAL, OTHER, PASSWORD, body, user_of
from establishments.models import AdministrativeBody, Establishment, LegalEntity

State = Profile.State
OPERATOR = (Domain.EPI_STOCK, Role.INVENTORY_OPERATOR)
ORDERS = (Domain.DISTRILOG, Role.ORDER_OPERATOR)
FILES = (Domain.DISPOSTOCK, Role.DECLARANT)
ADMINISTRATOR = (Domain.ADMINISTRATION, Role.ADMINISTRATOR)
DEPUTY = (Domain.ADMINISTRATION, Role.DELEGATED_ADMINISTRATOR)
READER = (Domain.EPI_STOCK, Role.READER)
DELEGATION = timedelta(days=60)


def build_administration() -> None:
    """Add the requests and invitations that are missing; what was decided since stays so."""
    if Person.objects.filter(email="attente@demo.example").exists():
        return
    hospital = LegalEntity.objects.get(name=HOSPITAL, is_fictitious=True)
    other = Establishment.objects.get(name=OTHER, is_fictitious=True)
    lonely = _without_administrator()
    _build_requests(hospital, other, lonely)
    _build_deputy(hospital)
    _build_invitations(hospital, lonely)


def _build_requests(hospital: LegalEntity, other: Establishment, lonely: LegalEntity) -> None:
    site = hospital.establishments.order_by("finess").last()
    waiting = _person("attente@demo.example", "Julien", "Moreau", has_password=True)
    _ask(waiting, site, [OPERATOR], days=5, note="Je remplace Mme Roy au magasin.")
    moving = _person("sofia.lambert@messagerie.example", "Sofia", "Lambert")
    former = _profile(moving, other, State.ENDED)
    _ask(moving, hospital, [FILES], days=2, replaces=former)
    more = _person("paul.garnier@ch-valdebrenne.example", "Paul", "Garnier")
    _ask(more, hospital, [OPERATOR, ORDERS], days=1, state=State.ACTIVE)
    future = _person("eric.dumas@ch-valdebrenne.example", "Éric", "Dumas")
    _ask(future, hospital, [ADMINISTRATOR], days=3, level=Level.ARS)
    alone = _person("lise.arnaud@etablissement.example", "Lise", "Arnaud")
    _ask(alone, lonely, [OPERATOR], days=9, escalated_at=_ago(2), reminders=2)
    agent = _person("zoe.martin@ars.example", "Zoé", "Martin")
    _ask(
        agent,
        body(AdministrativeBody.Kind.ARS, FIRST_REGION),
        [READER],
        days=1,
        level=Level.NATIONAL,
    )


def _build_deputy(hospital: LegalEntity) -> None:
    deputy = _person("delegue@demo.example", "Luc", "Leroy", has_password=True)
    profile = _profile(deputy, hospital, State.ACTIVE)
    today = timezone.localdate()
    _right(profile, DEPUTY, starts_on=today - timedelta(days=7), ends_on=today + DELEGATION)


def _build_invitations(hospital: LegalEntity, lonely: LegalEntity) -> None:
    ape = Person.objects.get(email="ape@demo.example")
    ars = Person.objects.get(email="ars@demo.example")
    _invite("anne.picard@ch-valdebrenne.example", hospital, FILES, by=ape, days=1)
    _invite("guy.roche@ch-valdebrenne.example", hospital, OPERATOR, by=ape, days=6)
    _invite("direction@etablissement.example", lonely, ADMINISTRATOR, by=ars, days=0)


def _without_administrator() -> LegalEntity:
    """An entity of the first region with sites, where nobody decides."""
    held = Habilitation.objects.filter(role=Role.ADMINISTRATOR, profile__legal_entity__isnull=False)
    found = LegalEntity.objects.filter(
        is_fictitious=True, region=FIRST_REGION, establishments__isnull=False
    ).exclude(pk__in=held.values("profile__legal_entity"))
    return found.exclude(establishments__profiles__habilitations__role=Role.ADMINISTRATOR).order_by(
        "finess"
    )[0]


def _person(email: str, first_name: str, last_name: str, *, has_password: bool = False) -> Person:
    user = user_of(email.partition("@")[0], email, first_name, last_name)
    if has_password:
        user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def _profile(user: Person, entity: object, state: State) -> Profile:
    name = {Establishment: "establishment", LegalEntity: "legal_entity"}.get(type(entity), "body")
    return Profile.objects.create(user=user, state=state, **{name: entity})


def _right(profile: Profile, asked: tuple, **fields) -> None:
    defaults = {"state": Habilitation.State.ACTIVE, "decided_at": timezone.now()}
    Habilitation.objects.create(
        profile=profile, domain=asked[0], role=asked[1], **defaults | fields
    )


def _ask(user, entity, rights, *, days, state=State.PENDING, level=Level.ENTITY, **fields) -> None:
    profile = _profile(user, entity, state)
    asked_at = _ago(days)
    request = AccessRequest.objects.create(
        profile=profile, level=level, asked_by=user, asked_at=asked_at, **fields
    )
    for asked in rights:
        _right(profile, asked, state=Habilitation.State.PENDING, request=request, decided_at=None)
    Profile.objects.filter(pk=profile.pk).update(requested_at=asked_at)
    profile.habilitations.update(requested_at=asked_at)


def _invite(email: str, entity: LegalEntity, right: tuple, *, by: Person, days: int) -> None:
    sent_at = _ago(days)
    Invitation.objects.create(
        email=email,
        legal_entity=entity,
        level=Level.ARS if right == ADMINISTRATOR else Level.ENTITY,
        rights=[{"domain": right[0], "role": right[1], "starts_on": None, "ends_on": None}],
        nonce=secrets.token_urlsafe(32),
        invited_by=by,
        created_at=sent_at,
        sent_at=sent_at,
        expires_at=sent_at + LIFETIME,
    )


def _ago(days: int):
    return timezone.now() - timedelta(days=days)
