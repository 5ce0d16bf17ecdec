"""The administration of the demonstration: what waits to be decided, and what was decided.

Requests of every kind, invitations, a deputy, a suspended profile, what the rules give unasked. The
journal tells them on their day, as the services would have.
"""

import secrets
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db.models import Q
from django.utils import timezone

from accounts.deciders import level_of
from accounts.models import AccessRequest, Domain, Habilitation, Invitation, Level, Profile, Role
from accounts.models import User as Person
from accounts.models.invitation import LIFETIME
from accounts.services.automatic_rules import OF_ARS, OF_BENEFICIARY
from accounts.services.profiles import field_of
from config.demo.country import FIRST_REGION
from config.demo.past import write_past, write_past_invitation
from config.demo.people import HOSPITAL, OTHER, PASSWORD, body, user_of
from establishments.models import AdministrativeBody, Establishment, LegalEntity
from establishments.rules import beneficiary_categories

Kind = AdministrativeBody.Kind
State = Profile.State
OPERATOR = (Domain.EPI_STOCK, Role.INVENTORY_OPERATOR)
ORDERS = (Domain.DISTRILOG, Role.ORDER_OPERATOR)
FILES = (Domain.DISPOSTOCK, Role.DECLARANT)
ADMINISTRATOR = (Domain.ADMINISTRATION, Role.ADMINISTRATOR)
DEPUTY = (Domain.ADMINISTRATION, Role.DELEGATED_ADMINISTRATOR)
READER = (Domain.EPI_STOCK, Role.READER)
SUPERVISOR = (Domain.DISPOSTOCK, Role.SUPERVISOR)
DELEGATION = timedelta(days=60)
OLDEST = 12  # days, more than any request waits


def build_administration() -> None:
    """Add what is missing; what was decided since stays so."""
    _give_automatic()
    hospital = LegalEntity.objects.get(name=HOSPITAL, is_fictitious=True)
    if not Person.objects.filter(email="attente@demo.example").exists():
        other = Establishment.objects.get(name=OTHER, is_fictitious=True)
        lonely = _without_administrator()
        _build_requests(hospital, other, lonely)
        _build_deputy(hospital)
        _build_invitations(hospital, lonely)
    if not Person.objects.filter(email="suspendu@demo.example").exists():
        _build_suspended(hospital)
        _build_national()


def _give_automatic() -> None:
    """What ``accounts.services.automatic`` gives, in four queries and without a mail each."""
    habilitations = Habilitation.objects.in_force().filter(
        domain=Domain.ADMINISTRATION, role=Role.ADMINISTRATOR, profile__state=State.ACTIVE
    )
    ordering = Habilitation.objects.filter(domain=ORDERS[0], role=ORDERS[1])
    leading = habilitations.exclude(profile__in=ordering.values("profile"))
    sites = Establishment.objects.open().filter(
        category__in=beneficiary_categories(timezone.localdate())
    )
    beneficiaries = leading.filter(
        Q(profile__establishment__in=sites.values("pk"))
        | Q(profile__legal_entity__in=sites.values("legal_entity"))
    )
    agencies = leading.filter(profile__body__kind=Kind.ARS)
    for rights, reason in ((beneficiaries, OF_BENEFICIARY), (agencies, OF_ARS)):
        Habilitation.objects.bulk_create(
            _automatic(profile, reason)
            for profile in Profile.objects.filter(pk__in=rights.values("profile"))
        )


def _automatic(profile: Profile, reason: str) -> Habilitation:
    return Habilitation(
        profile=profile,
        domain=ORDERS[0],
        role=ORDERS[1],
        state=Habilitation.State.ACTIVE,
        starts_on=timezone.localdate(),
        decided_at=timezone.now(),
        reason=reason,
        is_automatic=True,
    )


def _build_requests(hospital: LegalEntity, other: Establishment, lonely: LegalEntity) -> None:
    site = hospital.establishments.order_by("finess").last()
    waiting = _person("attente@demo.example", "Julien", "Moreau", has_password=True)
    _ask(waiting, site, [OPERATOR], days=5, note="Je remplace Mme Roy au magasin.")
    moving = _person("sofia.lambert@messagerie.example", "Sofia", "Lambert")
    former = _profile(moving, other, State.ENDED)
    left = f"changement d’employeur : {hospital}"
    write_past(_ago(2), "account.profile_ended", former, by=moving, before="active", reason=left)
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
        body(Kind.ARS, FIRST_REGION),
        [READER],
        days=1,
        level=Level.NATIONAL,
    )


def _build_deputy(hospital: LegalEntity) -> None:
    deputy = _person("delegue@demo.example", "Luc", "Leroy", has_password=True)
    profile = _profile(deputy, hospital, State.ACTIVE)
    today = timezone.localdate()
    _right(profile, DEPUTY, starts_on=today - timedelta(days=7), ends_on=today + DELEGATION)
    ape = Person.objects.get(email="ape@demo.example")
    write_past(_ago(7), "account.profile_created", profile, by=ape)
    write_past(
        _ago(7), "account.habilitation_granted", profile, by=ape, habilitation=in_words(DEPUTY)
    )


def _build_invitations(hospital: LegalEntity, lonely: LegalEntity) -> None:
    ape = Person.objects.get(email="ape@demo.example")
    ars = Person.objects.get(email="ars@demo.example")
    _invite("anne.picard@ch-valdebrenne.example", hospital, FILES, by=ape, days=1)
    _invite("guy.roche@ch-valdebrenne.example", hospital, OPERATOR, by=ape, days=6)
    _invite("direction@etablissement.example", lonely, ADMINISTRATOR, by=ars, days=0)


def _build_suspended(hospital: LegalEntity) -> None:
    """Somebody on leave: the habilitation waits with the profile."""
    away = _person("suspendu@demo.example", "Rose", "Vidal", has_password=True)
    profile = _profile(away, hospital, State.SUSPENDED)
    _right(profile, OPERATOR)
    profile.reason = "Congé de longue durée : profil rouvert au retour."
    profile.decided_at = _ago(12)
    profile.decided_by = Person.objects.get(email="ape@demo.example")
    profile.save(update_fields=["reason", "decided_at", "decided_by"])
    told = {"before": "active", "reason": profile.reason}
    write_past(
        profile.decided_at, "account.profile_suspended", profile, by=profile.decided_by, **told
    )


def _build_national() -> None:
    """What one person of the national cell began, and that another one has to end."""
    first = Person.objects.get(email="national@demo.example")
    agency = body(Kind.ARS, FIRST_REGION)
    proposed = _person("camille.joly@ars.example", "Camille", "Joly")
    agreed = {"asked_by": first, "first_by": first, "first_at": _ago(2)}
    note = "Prend la suite de M. Girard au 1er du mois."
    _ask(proposed, agency, [ADMINISTRATOR], days=2, level=Level.NATIONAL, note=note, **agreed)
    omedit = body(Kind.OMEDIT, FIRST_REGION)
    _invite("direction@omedit.example", omedit, SUPERVISOR, by=first, days=1)


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
    """Somebody whose account is older than whatever they asked."""
    user = user_of(email.partition("@")[0], email, first_name, last_name)
    user.date_joined = _ago(OLDEST)
    if has_password:
        user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def _profile(user: Person, entity: object, state: State) -> Profile:
    return Profile.objects.create(user=user, state=state, **{field_of(entity): entity})


def _right(profile: Profile, asked: tuple, **fields) -> None:
    defaults = {"state": Habilitation.State.ACTIVE, "decided_at": timezone.now()}
    Habilitation.objects.create(
        profile=profile, domain=asked[0], role=asked[1], **defaults | fields
    )


def _ask(user, entity, rights, *, days, state=State.PENDING, level=Level.ENTITY, **fields) -> None:
    profile = _profile(user, entity, state)
    asked_at = _ago(days)
    request = AccessRequest.objects.create(
        profile=profile, level=level, asked_at=asked_at, **{"asked_by": user} | fields
    )
    for asked in rights:
        _right(profile, asked, state=Habilitation.State.PENDING, request=request, decided_at=None)
    Profile.objects.filter(pk=profile.pk).update(requested_at=asked_at)
    profile.habilitations.update(requested_at=asked_at)
    _write_asked(request, [in_words(asked) for asked in rights])


def _write_asked(request: AccessRequest, habilitations: list[str]) -> None:
    """Asked for by the person, or proposed by somebody; then left to the ARS."""
    profile, by = request.profile, request.asked_by
    is_more = profile.state == State.ACTIVE
    verb = "account.habilitation_requested" if is_more else "account.profile_requested"
    told = {"habilitations": habilitations, "note": request.note}
    if by == profile.user:
        told["level"] = str(request.level)
    else:
        verb = "account.request_proposed"
    write_past(request.asked_at, verb, profile, by=by, **told)
    if request.escalated_at:
        write_past(request.escalated_at, "account.request_escalated", profile, by=None)


def _invite(email: str, entity: object, right: tuple, *, by: Person, days: int) -> None:
    """At national level nothing leaves before another person has confirmed."""
    level = level_of(entity, [right[1]])
    made_at = _ago(days)
    sent_at = None if level == Level.NATIONAL else made_at
    invitation = Invitation.objects.create(
        email=email,
        level=level,
        rights=[{"domain": right[0], "role": right[1], "starts_on": None, "ends_on": None}],
        nonce=secrets.token_urlsafe(32),
        invited_by=by,
        created_at=made_at,
        sent_at=sent_at,
        expires_at=sent_at and sent_at + LIFETIME,
        **{field_of(entity): entity},
    )
    verb = "account.invitation_sent" if sent_at else "account.invitation_prepared"
    write_past_invitation(made_at, verb, invitation, habilitations=[in_words(right)])


def in_words(right: tuple[Domain, Role]) -> str:
    domain, role = right
    return f"{role.label} ({domain.label})"


def _ago(days: int):
    return timezone.now() - timedelta(days=days)
