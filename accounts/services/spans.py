"""How far a habilitation goes: its days, its *statuts* and *champs*."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import Domain, Habilitation, Role, User
from accounts.scopes import scope_in_words, scope_of
from accounts.services.authority import ProfileError, check_delegation


@dataclass(frozen=True, slots=True)
class Span:
    """How far a habilitation goes: its dates, its *statuts* and *champs* (none: all of them)."""

    starts_on: date | None = None
    ends_on: date | None = None
    legal_kinds: Sequence[str] = ()
    fields_of_care: Sequence[str] = ()

    @classmethod
    def of(cls, right: Habilitation) -> "Span":
        return cls(right.starts_on, right.ends_on, right.legal_kinds, right.fields_of_care)

    @property
    def text(self) -> str:
        """As a form carries it, to know whether it has changed since."""
        return json.dumps(self.as_json(), sort_keys=True)

    def as_fields(self) -> dict[str, Any]:
        return {
            "starts_on": self.starts_on,
            "ends_on": self.ends_on,
            "legal_kinds": list(self.legal_kinds),
            "fields_of_care": list(self.fields_of_care),
        }

    def as_json(self) -> dict[str, Any]:
        """As the journal keeps it; what is not set is left out."""
        fields = self.as_fields()
        dates = {
            name: fields[name].isoformat() for name in ("starts_on", "ends_on") if fields[name]
        }
        return {name: value for name, value in fields.items() if value} | dates


def check_span(domain: Domain, role: Role, span: Span, by: User | None) -> None:
    if span.starts_on and span.ends_on and span.ends_on < span.starts_on:
        raise ProfileError("La date de fin précède la date de début.")
    if role == Role.DELEGATED_ADMINISTRATOR:
        check_delegation(by, span.ends_on)
    scope = scope_of(domain, role)
    if not (
        set(span.legal_kinds) <= set(scope.legal_kinds)
        and set(span.fields_of_care) <= set(scope.fields_of_care)
    ):
        raise ProfileError(
            f"Ces statuts ou ces champs n’existent pas pour « {role.label} » en {domain.label}."
        )


def check_unchanged(right: Habilitation, seen: str | None) -> None:
    """Raise when somebody else has changed the span since the form was shown."""
    if seen is None or seen == Span.of(right).text:
        return
    begins = f"du {right.starts_on:%d/%m/%Y}" if right.starts_on else "sans date de début"
    ends = f"au {right.ends_on:%d/%m/%Y}" if right.ends_on else "sans date de fin"
    now = ", ".join(filter(None, (begins, ends, scope_in_words(right))))
    raise ProfileError(
        f"« {right} » a changé depuis l’affichage de cette page : {now}. "
        "Relisez votre saisie, puis enregistrez de nouveau."
    )
