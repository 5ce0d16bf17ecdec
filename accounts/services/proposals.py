"""The first of two people at national level: who proposes somebody, or agrees, may withdraw."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.grants import ROLE_CODES
from accounts.models import AccessRequest, Habilitation, Level, Profile, User
from accounts.notices import Notice, notify
from accounts.services.decision_rules import DecisionError, Rights
from accounts.services.ended import release_ended
from accounts.services.withdrawal import withdraw_request
from common.french import of
from establishments.models import AdministrativeBody
from establishments.perimeter import Action
from journal.services import record

State = Habilitation.State


@transaction.atomic
def propose(
    user: User, body: AdministrativeBody, rights: Rights, *, by: User, note: str = ""
) -> AccessRequest:
    """Propose somebody for a regional or national profile: another person has to decide."""
    _check_proposal(user, body, rights, by)
    profile = _profile_of(user, body)
    release_ended(profile)
    held = profile.habilitations.filter(state__in=[State.PENDING, State.ACTIVE])
    if again := [one for one in held if (one.domain, one.role) in rights]:
        raise DecisionError(f"{user} a déjà cette habilitation : {again[0]}.")
    try:
        with transaction.atomic():
            request = AccessRequest.objects.create(
                profile=profile,
                level=Level.NATIONAL,
                note=note.strip(),
                asked_by=by,
                first_by=by,
                first_at=timezone.now(),
            )
    except IntegrityError:
        raise DecisionError(
            f"Une demande {of(user)} attend déjà sur {body} : décidez-en d’abord."
        ) from None
    asked = [
        Habilitation(profile=profile, domain=domain, role=role, request=request)
        for domain, role in dict.fromkeys(rights)
    ]
    Habilitation.objects.bulk_create(asked)
    names = [str(one) for one in asked]
    _record("account.request_proposed", request, by=by, habilitations=names, note=request.note)
    notify(Notice.REQUEST_SECOND, request.pk)
    return request


@transaction.atomic
def withdraw_agreement(request: AccessRequest, *, by: User) -> AccessRequest:
    """Take back one's first agreement; one's proposal is cancelled with it."""
    profile = Profile.objects.select_for_update(of=["self"]).get(pk=request.profile_id)
    found: AccessRequest = AccessRequest.objects.select_for_update(of=["self"]).get(pk=request.pk)
    if not found.is_open or found.first_by_id != by.pk:
        raise DecisionError("Cette demande n’attend plus après votre accord : rien n’a changé.")
    found.first_by, found.first_at = None, None
    found.save(update_fields=["first_by", "first_at"])
    if found.asked_by_id == by.pk:
        return _cancel(profile, by)
    reduced = found.habilitations.filter(state=State.REFUSED, decided_by=by)
    reduced.update(state=State.PENDING, decided_by=None, decided_at=None, reason="")
    found.habilitations.filter(state=State.PENDING).update(ends_on=None)
    _record("account.request_agreement_withdrawn", found, by=by)
    return found


def _cancel(profile: Profile, by: User) -> AccessRequest:
    """The request, and the profile when it was only proposed."""
    reason = "proposition retirée"
    closed = withdraw_request(profile, by=by, reason=reason)
    assert closed is not None  # noqa: S101 - locked open by the caller
    if profile.state == Profile.State.PENDING:
        profile.state, profile.reason = Profile.State.ENDED, reason
        profile.decided_at, profile.decided_by = timezone.now(), by
        profile.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    return closed


def _check_proposal(user: User, body: AdministrativeBody, rights: Rights, by: User) -> None:
    if not by.may(Action.PROF_DECIDE_REG):
        raise DecisionError("Seule la cellule nationale propose ces profils.")
    if user.pk == by.pk:
        raise DecisionError("Personne ne se propose : une autre personne de la cellule le fera.")
    if not user.is_active or user.closed_at:
        raise DecisionError(f"Le compte {of(user)} est fermé.")
    if not rights:
        raise DecisionError("Choisissez au moins une habilitation.")
    for domain, role in rights:
        if (domain, role, body.kind) not in ROLE_CODES:
            raise DecisionError(
                f"Le rôle « {role.label} » n’existe pas en {domain.label} pour {body}."
            )


def _profile_of(user: User, body: AdministrativeBody) -> Profile:
    """The living profile there, locked; a new one that waits when there is none."""
    profile: Profile
    profile, _ = Profile.objects.select_for_update(of=["self"]).get_or_create(
        user=user, body=body, state__in=Profile.LIVING, defaults={"state": Profile.State.PENDING}
    )
    if profile.state == Profile.State.SUSPENDED:
        raise DecisionError(f"Le profil {of(user)} sur {body} est suspendu : rouvrez-le d’abord.")
    return profile


def _record(verb: str, request: AccessRequest, *, by: User, **details: Any) -> None:
    profile = request.profile
    told = {name: value for name, value in details.items() if value}
    record(verb, by=by, target=f"{profile.user.username} · {profile}", **told)
