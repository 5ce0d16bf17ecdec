"""The register of pharmacies: created, described; which one serves a site."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Value
from django.utils import timezone

from accounts.models import User
from establishments.models import Establishment
from establishments.models.directory import Plain
from establishments.perimeter import Action
from journal.services import record
from pui.addresses import is_address_of
from pui.history import Change, events_of, last_change
from pui.models import Pui, ServedEstablishment

DESCRIPTION: Final = (
    "label", "ipe", "recipient", "address", "postal_code", "town", "address_reason", "access",
    "delivery_terms", "opening_hours", "contact_name", "contact_phone", "contact_email",
    "on_call_phone", "opened_on",
)  # fmt: skip
PLACED: Final = ("establishment_id", *DESCRIPTION)


class RegisterError(Exception):
    """The register cannot say that. The message is written for the person, in French.

    ``field`` is the one of the form that it is about, when there is one.
    """

    def __init__(self, message: str, field: str = "") -> None:
        self.field = field
        super().__init__(message)


class ChangedMeanwhileError(RegisterError):
    """Somebody changed the same fields since the form was shown: both are told, nothing is lost.

    ``fields`` are those of both, ``mine`` all those that this person changed, ``pui`` as it is.
    """

    def __init__(
        self, pui: Pui, fields: list[str], mine: Collection[str], change: Change | None
    ) -> None:
        self.pui, self.fields, self.mine = pui, fields, frozenset(mine)
        who = f"{change.who}, le {change.at_text}," if change else "Quelqu’un"
        labels = ", ".join(f"«\u00a0{label_of(name)}\u00a0»" for name in fields)
        super().__init__(
            f"Pendant votre saisie, {who} a changé {labels}. Rien n’est encore enregistré\u00a0: "
            "comparez ci-dessous, gardez ce qui est juste, puis enregistrez de nouveau."
        )


def label_of(name: str) -> str:
    """The words of a field of the register."""
    field = Pui._meta.get_field(name.removesuffix("_id"))
    return str(getattr(field, "verbose_name", name))


@transaction.atomic
def create_pui(
    *,
    by: User,
    site: Establishment,
    values: Mapping[str, Any],
    to: Action = Action.PUI_WRITE,
) -> Pui:
    """Enter a pharmacy at the geographic site where it physically stands [001]; journaled.

    ``to`` is the action that reaches the site: the onboarding list has its own. Raise
    ``RegisterError`` out of reach, on a closed site, for a label already used there, or for an
    address that is not the site's and does not say why. A pharmacy of the onboarding list may have
    no address yet.
    """
    if not Establishment.objects.for_user(by, to=to).filter(pk=site.pk).exists():
        raise RegisterError(f"Votre profil ne permet pas de créer une PUI à {site}.")
    if not site.is_open:
        raise RegisterError(
            f"{site} est fermé dans FINESS depuis le {site.closed_on:%d/%m/%Y}\u00a0: choisissez "
            "un site ouvert."
        )
    pui = Pui(establishment=site, **{name: values[name] for name in DESCRIPTION if name in values})
    pui.opened_on = pui.opened_on or timezone.localdate()
    save(pui)
    record("pui.created", by=by, target=pui, place=site, after=written(pui, PLACED), pui=pui.pk)
    return pui


@transaction.atomic
def describe_pui(
    *, by: User, pui: Pui, values: Mapping[str, Any], seen: int, to: Action = Action.PUI_WRITE
) -> Pui:
    """Change what is said of a pharmacy; journaled with the values before and after.

    ``seen`` is the version that the form was shown with: what others changed elsewhere since
    stays; the same field changed by both raises ``ChangedMeanwhileError``.
    """
    kept = reached(by, pui, to)
    if not kept.is_open:
        raise RegisterError(f"{kept} est fermée\u00a0: rouvrez-la pour la modifier.")
    before = written(kept, PLACED)
    merge(kept, values, seen)
    after = written(kept, PLACED)
    changed = [name for name in PLACED if before[name] != after[name]]
    if not changed:
        return kept
    if "establishment_id" in changed:
        check_move(by, kept, pui.establishment, to)
    save(kept, update_fields=[name.removesuffix("_id") for name in changed])
    record(
        "pui.described",
        by=by,
        target=kept,
        place=kept.establishment,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
        pui=kept.pk,
    )
    return kept


def merge(pui: Pui, values: Mapping[str, Any], seen: int) -> None:
    """Put on the row what this person changed since ``seen``, unless somebody else did too."""
    shown = events_of(Pui, pgh_obj=pui.pk, pgh_id=seen).first()
    if shown is None:
        raise RegisterError("Cette page n’est plus à jour\u00a0: rouvrez la fiche de la PUI.")
    mine = {name: values[name] for name in PLACED if name in values}
    mine = {name: value for name, value in mine.items() if value != getattr(shown, name)}
    clashing = [
        name
        for name, value in mine.items()
        if getattr(pui, name) != getattr(shown, name) and getattr(pui, name) != value
    ]
    if clashing:
        raise ChangedMeanwhileError(pui, clashing, mine, last_change(pui))
    for name, value in mine.items():
        setattr(pui, name, value)


def check_move(by: User, pui: Pui, former: Establishment, to: Action) -> None:
    """A pharmacy moves between sites of its legal entity; another entity is another pharmacy."""
    site = Establishment.objects.for_user(by, to=to).filter(
        pk=pui.establishment_id, legal_entity=former.legal_entity_id, closed_on__isnull=True
    )
    if not site.exists():
        raise RegisterError(
            "Le site choisi n’est pas un établissement ouvert de la même entité juridique. Pour "
            "une autre entité, fermez cette PUI et créez-en une.",
            "establishment",
        )


def serving_pui(establishment: Establishment, on: date) -> Pui | None:
    """Which pharmacy declares for an establishment that has none of its own open that day [001]."""
    if Pui.objects.open_on(on).filter(establishment=establishment).exists():
        return None
    found = (
        ServedEstablishment.objects.in_force(on)
        .filter(establishment=establishment, pui__in=Pui.objects.open_on(on))
        .select_related("pui__establishment__legal_entity")
        .order_by("starts_on", "pk")
        .first()
    )
    return found.pui if found else None


def reached(by: User, pui: Pui, to: Action = Action.PUI_WRITE) -> Pui:
    """The row, locked, of somebody who may change it."""
    rows = Pui.objects.select_for_update(of=("self",)).select_related("establishment")
    kept: Pui = rows.get(pk=pui.pk)
    if not Pui.objects.for_user(by, to=to).filter(pk=pui.pk).exists():
        raise RegisterError(f"Votre profil ne permet pas de modifier la PUI {kept}.")
    return kept


def save(pui: Pui, update_fields: list[str] | None = None) -> None:
    """Write a pharmacy whose label is its own at its site, and whose address explains itself."""
    if not pui.label.strip():
        raise RegisterError(
            "Donnez un libellé à la PUI, par exemple «\u00a0PUI CH Blois\u00a0».", "label"
        )
    explain_address(pui)
    same = Pui.objects.filter(
        establishment=pui.establishment_id, closed_on=None, sort_label=Plain(Value(pui.label))
    )
    taken = RegisterError(
        f"Une PUI ouverte de ce site porte déjà le libellé «\u00a0{pui.label}\u00a0»\u00a0: "
        "donnez-en un autre à celle-ci.",
        "label",
    )
    if same.exclude(pk=pui.pk).exists():
        raise taken
    try:
        with transaction.atomic():
            pui.save(update_fields=update_fields)
    except IntegrityError as error:
        if "pui_one_open_label_per_site" in str(error):
            raise taken from None
        raise


def explain_address(pui: Pui) -> None:
    typed = {"address": pui.address, "postal_code": pui.postal_code, "town": pui.town}
    is_own = not any(typed.values()) or is_address_of(pui.establishment, **typed)
    if not is_own and not pui.address_reason.strip():
        raise RegisterError(
            "L’adresse de livraison n’est pas celle du site dans FINESS\u00a0: dites pourquoi, ou "
            "reprenez celle du site.",
            "address_reason",
        )


def written(pui: Pui, names: tuple[str, ...]) -> dict[str, Any]:
    """The values as the journal keeps them; the site by its number."""
    kept = {name: getattr(pui, name) for name in names}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in kept.items()
    }
