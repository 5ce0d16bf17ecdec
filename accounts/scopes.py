"""*Statuts* and *champs* of a habilitation: which domains use them, and what they are called.

An inventory is that of one place, whose statut and champs FINESS tells: its operator has none to
choose, those who read a territory do.
"""

from dataclasses import dataclass

from django.db import models

from accounts.models import Domain, Habilitation, Role


class LegalKind(models.TextChoices):
    """The *statuts* of the establishments that a habilitation is about."""

    PUBLIC = "public", "Public"
    PRIVATE = "private", "Privé"


class FieldOfCare(models.TextChoices):
    """The *champs* of care."""

    MCO = "mco", "MCO"
    HAD = "had", "HAD"
    SSR = "ssr", "SSR"
    PSY = "psy", "PSY"
    SOCIAL = "medico_social", "Médico-social"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a domain lets one choose; chosen by nobody, everything is meant."""

    legal_kinds: tuple[LegalKind, ...] = ()
    fields_of_care: tuple[FieldOfCare, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.legal_kinds or self.fields_of_care)


SANITARY = (FieldOfCare.MCO, FieldOfCare.HAD, FieldOfCare.SSR, FieldOfCare.PSY)
SCOPES = {
    Domain.ADMINISTRATION: Scope(),
    Domain.DISPOSTOCK: Scope(tuple(LegalKind), SANITARY),
    Domain.EPI_STOCK: Scope(tuple(LegalKind), tuple(FieldOfCare)),
    Domain.DISTRILOG: Scope(tuple(LegalKind)),  # its registration form asks for the statut [003]
}


def scope_of(domain: str, role: str) -> Scope:
    return Scope() if role == Role.INVENTORY_OPERATOR else SCOPES[Domain(domain)]


def scope_in_words(right: Habilitation) -> str:
    """« Statut : public · Champs : MCO, HAD »; empty when the role has none."""
    scope = scope_of(right.domain, right.role)
    told = []
    if scope.legal_kinds:
        told.append(f"Statuts : {_named(LegalKind, right.legal_kinds) or 'tous'}")
    if scope.fields_of_care:
        told.append(f"Champs : {_named(FieldOfCare, right.fields_of_care) or 'tous'}")
    return " · ".join(told)


def _named(choices: type[models.TextChoices], values: list[str]) -> str:
    labels = dict(choices.choices)
    return ", ".join(str(labels.get(value, value)) for value in values)
