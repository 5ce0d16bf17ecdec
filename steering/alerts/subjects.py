"""The products that a rule may be about, by the names people know."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from epi_stocks.models import EpiItem
from steering.alerts.measures import measure_of
from steering.alerts.measures.measure import Subjects
from steering.alerts.measures.medicines import (
    catalogue_on,
    reference_key,
    reference_numbers,
)
from steering.models import AlertRule

GROUPS = {
    Subjects.ITEM: "Équipements",
    Subjects.SUBSTANCE: "DCI prioritaires",
    Subjects.REFERENCE: "UCD de référence prioritaires",
}
Names = Mapping[Subjects, Mapping[str, str]]


def subject_names() -> Names:
    """By kind then number, sorted by name."""
    _, catalogue = catalogue_on(timezone.now())
    numbers = reference_numbers(catalogue)
    substances = {str(one.substance_id): one.substance for one in catalogue.watched}
    references = {reference_key(one, numbers): one.reference for one in catalogue.watched}
    items = EpiItem.objects.top().values_list("pk", "label")
    return {
        Subjects.ITEM: {str(pk): label for pk, label in items},
        Subjects.SUBSTANCE: by_name(substances),
        Subjects.REFERENCE: by_name(references),
    }


def by_name(names: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted(names.items(), key=lambda pair: pair[1]))


def choices(names: Names) -> list[Any]:
    """For a form: « dci:12 » by group."""
    groups = [
        (GROUPS[kind], [(f"{kind}:{number}", name) for number, name in found.items()])
        for kind, found in names.items()
    ]
    return [("", "Tous ceux de la mesure"), *groups]


def subject_of(rule: AlertRule, names: Names) -> str:
    """The one product that a rule is about; nothing when it is about all of them, or none."""
    if not rule.subject:
        return ""
    kind = measure_of(rule.measure).subjects
    return names[kind].get(rule.subject, "produit qui n’est plus suivi")
