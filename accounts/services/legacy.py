"""The shared identifiers « ES-<FINESS> » of before, turned into personal accounts [002].

The ARS gives a single-use code for an establishment of its region; whoever types it gets a profile
there as inventory operator, on their own account. Only a keyed digest of the code is stored.
"""

import re
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.limits import LEGACY_CODE_FAILURES, TooManyFailuresError
from accounts.models import Domain, Habilitation, LegacyCode, Profile, Role, User
from accounts.services.errors import AccountError
from accounts.services.withdrawal import close_answered
from establishments.models import Establishment
from establishments.perimeter import Action
from journal.services import record

LIFETIME = timedelta(hours=72)
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without I, L, O, 0 and 1, which look alike
GROUPS, GROUP_LENGTH = 3, 4
SHAPE = re.compile(r"ES[-\s]?([0-9][0-9A-Z][0-9]{7})")


class LegacyCodeError(AccountError):
    """The code cannot be given, or cannot be used."""


def finess_of(identifier: str) -> str | None:
    """The FINESS number of « ES-450990114 », however it is spaced; None when it is not one."""
    compact = "".join(identifier.split()).upper()
    found = SHAPE.fullmatch(compact)
    return found[1] if found else None


@transaction.atomic
def issue_legacy_code(establishment: Establishment, *, by: User) -> tuple[LegacyCode, str]:
    """Give a code valid 72 hours, and its clear text to show once. It replaces the former one."""
    rows = Establishment.objects.for_user(by, to=Action.EPI_CODE)
    if not rows.filter(pk=establishment.pk).exists():
        raise LegacyCodeError("Cet établissement n’est pas dans votre territoire.")
    Establishment.objects.select_for_update(of=["self"]).get(pk=establishment.pk)
    now = timezone.now()
    LegacyCode.objects.filter(establishment=establishment, used_at=None, expires_at__gt=now).update(
        expires_at=now
    )
    groups = ["".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS)]
    text = "-".join(groups)
    code = LegacyCode.objects.create(
        establishment=establishment,
        digest=_digest(establishment.finess, text),
        issued_by=by,
        expires_at=now + LIFETIME,
    )
    record("account.legacy_code_issued", by=by, target=code, place=establishment)
    return code, text


def find_legacy_code(identifier: str, text: str) -> LegacyCode:
    """Return the usable code that goes with this identifier, or raise the sentence to show.

    Failures are counted by identifier. That a code expired or was used is told to who has it only.
    """
    finess = finess_of(identifier) or ""
    try:
        attempt = LEGACY_CODE_FAILURES.begin(finess)
    except TooManyFailuresError as locked:
        raise LegacyCodeError(str(locked)) from locked
    digest = _digest(finess, text)
    codes = LegacyCode.objects.filter(establishment__finess=finess).select_related(
        "establishment__region"
    )
    # every digest is compared, so that the time does not tell where the right one stands
    found = [code for code in codes[:50] if constant_time_compare(code.digest, digest)]
    if not found:
        raise LegacyCodeError(
            "Cet identifiant et ce code ne vont pas ensemble. Vérifiez-les sur le papier remis par "
            "votre ARS."
        )
    attempt.succeed()
    code: LegacyCode = found[0]
    _check_usable(code)
    return code


@transaction.atomic
def claim_legacy_code(code: LegacyCode, *, by: User, is_verified: bool) -> Profile:
    """Use a code for ``by``: a profile on its establishment, as inventory operator of EPI-Stocks.

    Not ``is_verified``: both wait until the address of the new account is verified.
    The decision is that of the agent who gave the code.
    """
    locked = LegacyCode.objects.select_for_update(of=["self"])
    code = locked.select_related("establishment__region").get(pk=code.pk)
    _check_usable(code)
    profile = _profile_for(code, by)
    _prepare_operator(profile, code)
    code.used_at, code.used_by = timezone.now(), by
    code.save(update_fields=["used_at", "used_by"])
    record("account.legacy_code_used", by=by, target=code, place=code.establishment)
    if is_verified:
        _open(profile, code)
    by.forget_rights()
    return profile


@transaction.atomic
def open_prepared_profiles(user: User) -> None:
    """Open the profiles that a single-use code prepared: the person's address is now verified.

    A profile that was asked for there since, once that one had ended, waits for its decision.
    """
    for code in LegacyCode.objects.filter(used_by=user).select_related("establishment"):
        waiting = user.profiles.filter(
            establishment=code.establishment, state="pending", requested_at__lte=code.used_at
        )
        for profile in waiting.select_for_update(of=["self"]):
            _open(profile, code)
    user.forget_rights()


def _digest(finess: str, text: str) -> str:
    compact = "".join(mark for mark in text.upper() if mark.isalnum())
    return salted_hmac(
        "accounts.legacy_code", f"{finess}:{compact}", algorithm="sha256"
    ).hexdigest()


def _check_usable(code: LegacyCode) -> None:
    region = code.establishment.region
    contact = f" ({region.mailbox})" if region and region.mailbox else ""
    again = f"Demandez un nouveau code à votre ARS{contact}."
    if code.used_at:
        used = timezone.localtime(code.used_at)
        raise LegacyCodeError(f"Ce code a déjà servi le {used:%d/%m/%Y}. {again}")
    if code.expires_at <= timezone.now():
        ended = timezone.localtime(code.expires_at)
        raise LegacyCodeError(f"Ce code n’est plus valable depuis le {ended:%d/%m/%Y}. {again}")


def _profile_for(code: LegacyCode, user: User) -> Profile:
    living = user.profiles.filter(
        establishment=code.establishment, state__in=["pending", "active", "suspended"]
    )
    profile: Profile | None = living.select_for_update(of=["self"]).first()
    if profile is None:
        return Profile.objects.create(user=user, establishment=code.establishment)
    if profile.state == Profile.State.SUSPENDED:
        raise LegacyCodeError(
            f"Votre profil sur {code.establishment} est suspendu : un code ne le rouvre pas. "
            "Adressez-vous à votre administrateur d’établissement ou à votre ARS."
        )
    if profile.habilitations.in_force().filter(role=Role.INVENTORY_OPERATOR).exists():
        raise LegacyCodeError(
            f"Vous remplissez déjà l’inventaire de {code.establishment} : ce code reste disponible "
            "pour une autre personne."
        )
    return profile


def _prepare_operator(profile: Profile, code: LegacyCode) -> None:
    Habilitation.objects.get_or_create(
        profile=profile,
        domain=Domain.EPI_STOCK,
        role=Role.INVENTORY_OPERATOR,
        state=Habilitation.State.PENDING,
        defaults={"reason": f"code remis par l’ARS pour {code}"},
    )


def _open(profile: Profile, code: LegacyCode) -> None:
    """Put the profile and its inventory role in force, decided by who gave the code."""
    decision = {"decided_at": timezone.now(), "decided_by": code.issued_by, "state": "active"}
    Profile.objects.filter(pk=profile.pk, state="pending").update(**decision)
    profile.habilitations.filter(
        domain=Domain.EPI_STOCK, role=Role.INVENTORY_OPERATOR, state="pending"
    ).update(**decision)
    profile.refresh_from_db()
    close_answered(profile, by=code.issued_by, reason=f"Par le code {code}.")
    record(
        "account.profile_activated",
        by=profile.user,
        target=f"{profile.user.username} · {profile}",
        place=code.establishment,
        reason=f"code {code}",
    )
