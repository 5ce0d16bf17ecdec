"""Check every line of a file: what would be sent, what is already done, all that is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from accounts.invitation_files.columns import EMAIL, FINESS, ROLES
from accounts.invitation_files.lines import Line, is_blank, line_of
from accounts.invitation_files.surroundings import Surroundings, key_of_entity
from accounts.models import Role, User
from accounts.services.authority import end_of_own_delegation, refusal_of_delegation
from accounts.services.invitations.inviting import already_there
from accounts.services.invitations.rights import may_give, rights_of
from common.tabular import ErrorReport, Row, TabularError

MOST = 2_000  # invitations of one file
HEADER_OF = {(domain, role): column.header for domain, role, column in ROLES.values()}


@dataclass(slots=True)
class Checked:
    """What a file says: the lines to send, those already done, those left blank, the errors."""

    to_send: list[Line] = field(default_factory=list)
    already: list[Line] = field(default_factory=list)
    blank: int = 0
    errors: ErrorReport = field(default_factory=ErrorReport)


def check_rows(rows: Sequence[Row], *, by: User) -> Checked:
    """Check all the lines in a number of statements that does not depend on theirs."""
    checked = Checked()
    written = [row for row in rows if not is_blank(row)]
    checked.blank = len(rows) - len(written)
    if len(written) > MOST:
        raise TabularError(
            f"Ce fichier invite plus de {MOST} personnes : partagez-le en plusieurs fichiers."
        )
    lines = [line for row in written if (line := line_of(row, checked.errors))]
    _refuse_repeated(lines, checked.errors)
    around = Surroundings(by, {line.finess for line in lines}, {line.email for line in lines})
    for line in lines:
        if _is_right(line, around, checked.errors):
            (checked.already if _is_done(line, around, checked.errors) else checked.to_send).append(
                line
            )
    refused = checked.errors.lines
    checked.to_send = [line for line in checked.to_send if line.number not in refused]
    return checked


def _refuse_repeated(lines: list[Line], errors: ErrorReport) -> None:
    """The same person twice for one place: nobody can say which line is right."""
    seen: dict[tuple[str, str], int] = {}
    for line in lines:
        first = seen.setdefault(line.key, line.number)
        if first != line.number:
            reason, expected = f"déjà à la ligne {first}", "une ligne par personne et établissement"
            errors.add(line.number, EMAIL.header, line.email, reason, expected)


def _is_right(line: Line, around: Surroundings, errors: ErrorReport) -> bool:
    """Whether the place is in reach, and may be given all that is ticked, by this person."""
    before = len(errors)
    line.entity = around.places.get(line.finess)
    if line.entity is None:
        expected = "un établissement ou une entité de votre périmètre"
        errors.add(line.number, FINESS.header, line.finess, "il n’y est pas", expected)
        return False
    if line.entity.closed_on:
        reason, expected = f"fermé depuis le {line.entity.closed_on:%d/%m/%Y}", "un site ouvert"
        errors.add(line.number, FINESS.header, line.finess, reason, expected)
    if line.email == around.by.email.lower():
        errors.add(line.number, EMAIL.header, line.email, "c’est la vôtre", "celle d’une autre")
    for right in line.rights:
        header = HEADER_OF[right.domain, right.role]
        if not may_give(line.entity, right.role, around.by):
            reason, expected = "vous ne pouvez pas donner ce rôle ici", "une autre habilitation"
            errors.add(line.number, header, "oui", reason, expected)
        elif instead := around.closed_role(line.entity, right.domain, right.role):
            reason = "cette habilitation n’existe pas ici"
            errors.add(line.number, header, line.finess, reason, instead)
        if right.ends_on and (wrong := _wrong_day(right.role, right.ends_on, around.by)):
            errors.add(line.number, header, f"{right.ends_on:%d/%m/%Y}", *wrong)
    return len(errors) == before


def _wrong_day(role: Role, day: date, by: User) -> tuple[str, str] | None:
    """Why a habilitation cannot last until that day, and what is expected."""
    if day < timezone.localdate():
        return "ce jour est passé", "un jour à venir"
    if role == Role.DELEGATED_ADMINISTRATOR and refusal_of_delegation(by, day):
        limit = end_of_own_delegation(by)
        return "votre propre délégation finit avant", f"le {limit:%d/%m/%Y} au plus tard"
    return None


def _is_done(line: Line, around: Surroundings, errors: ErrorReport) -> bool:
    """Whether the person already has it, or is already invited to it; else why they cannot be."""
    assert line.entity is not None  # noqa: S101 - just found
    place = key_of_entity(line.entity)
    if invitation := around.invitations.get((line.email, place)):
        if set(rights_of(invitation)) == set(line.rights):
            return True
        reason = "déjà invitée ici avec d’autres habilitations"
        errors.add(
            line.number, EMAIL.header, line.email, reason, "annulez d’abord cette invitation"
        )
    person = around.people.get(line.email)
    if person is None:
        return False
    if not person.is_active:
        errors.add(line.number, EMAIL.header, line.email, "compte désactivé", "un compte ouvert")
    if profile := around.profiles.get((person.pk, place)):
        profile.user = person
        there = already_there(profile, line.entity, line.rights)
        if profile.state == "active" and not there.missing:
            return True
        errors.add(line.number, EMAIL.header, line.email, *_there(profile.state))
    return False


def _there(state: str) -> tuple[str, str]:
    """Why a profile that is there is not invited, and what to do."""
    match state:
        case "pending":
            return "a déjà demandé ce profil", "décidez sa demande"
        case "suspended":
            return "son profil ici est suspendu", "rouvrez-le depuis sa page"
    return "a déjà un profil actif ici", "donnez-lui l’habilitation depuis sa page"
