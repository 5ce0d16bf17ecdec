"""What the national cell decides of the lists: what is followed, how urgently, how often.

Everything has dates: what was decided for days past never changes. A decision may carry ``seen``,
the state of which a preview was read: if somebody changed it since, nothing is written.
"""

from collections.abc import Sequence
from datetime import date, time, timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from common.locks import Lock
from establishments.perimeter import Action
from journal.services import record
from medications.calendar import Due, calendar_of
from medications.models import (
    MonitoredList,
    Monitoring,
    Priority,
    Product,
    ReferenceProduct,
    ReportingRule,
    Substance,
)
from medications.regrouping import tell_regrouped
from medications.sentences import rhythm_sentence

ONE_DAY = timedelta(days=1)
Slug, Kind = MonitoredList.Slug, Product.Kind
KINDS = {
    Slug.OTHERS: Kind.MEDICINE,
    Slug.FLU: Kind.VACCINE,
    Slug.COVID: Kind.VACCINE,
    Slug.DEVICES: Kind.DEVICE,
}


class SettingsError(Exception):
    """The list cannot be set so. The message is written for the person, in French."""


class ChangedMeanwhileError(SettingsError):
    """Somebody decided something of it since the preview was read."""

    def __init__(self) -> None:
        super().__init__(
            "Quelqu’un vient de changer ce réglage\u00a0: voici l’aperçu à jour, relisez-le avant "
            "de confirmer. Rien n’a été enregistré."
        )


def lists_for(product: Product) -> list[str]:
    """The lists that may follow a product of this kind."""
    return [slug.value for slug, kind in KINDS.items() if product.kind == kind]


def product_state(product: Product) -> str:
    """What a decision on a product rests on: its follow-up and its group."""
    rows = product.monitorings.order_by("starts_on").values_list(
        "pk", "monitored_list", "priority", "starts_on", "ends_on"
    )
    return "|".join([str(product.reference_id), *(str(row) for row in rows)])


def list_state(monitored_list: MonitoredList) -> str:
    rows = monitored_list.rules.order_by("starts_on").values_list(
        "weekdays", "due_time", "starts_on"
    )
    return "|".join(map(str, rows))


def begin(by: User, starts_on: date | None, *, earliest: date | None = None) -> None:
    """Check who decides and from when, then wait for whoever is deciding at the same moment."""
    if not by.may(Action.MED_SETTINGS):
        raise SettingsError("Seule la cellule nationale règle les listes suivies.")
    earliest = earliest or timezone.localdate()
    if starts_on and starts_on < earliest:
        raise SettingsError(
            f"Une décision ne vaut pas pour le passé\u00a0: au plus tôt le {earliest:%d/%m/%Y}."
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [Lock.NOMENCLATURE])


def require_unchanged(state: str, seen: str | None) -> None:
    if seen is not None and seen != state:
        raise ChangedMeanwhileError


def followed_from(product: Product, day: date) -> Monitoring | None:
    """The follow-up in force that day, or the next one to begin."""
    rows = product.monitorings.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))
    return rows.select_related("monitored_list").order_by("starts_on").first()


def require_free(product: Product, monitored_list: MonitoredList, starts_on: date) -> None:
    """Of the kind of the list, still sold, and followed by nothing that day nor later."""
    if monitored_list.pk not in lists_for(product):
        raise SettingsError(
            f"{product.label} est un {product.get_kind_display()}\u00a0: "
            f"«\u00a0{monitored_list.title}\u00a0» ne peut pas le suivre."
        )
    if product.withdrawn_on and product.withdrawn_on < starts_on:
        raise SettingsError(
            f"{product.label} est retiré depuis le {product.withdrawn_on:%d/%m/%Y}."
        )
    if row := followed_from(product, starts_on):
        since = "depuis le" if row.starts_on <= starts_on else "à partir du"
        raise SettingsError(
            f"{product.label} est déjà suivi {since} {row.starts_on:%d/%m/%Y} "
            f"({row.monitored_list.title})."
        )


@transaction.atomic
def follow_product(
    *,
    by: User,
    product: Product,
    monitored_list: MonitoredList,
    priority: int,
    starts_on: date,
    seen: str | None = None,
) -> Monitoring:
    """Have a list follow a product from a day on; journaled."""
    begin(by, starts_on)
    require_unchanged(product_state(product), seen)
    require_free(product, monitored_list, starts_on)
    followed: Monitoring = Monitoring.objects.create(
        product=product, monitored_list=monitored_list, priority=priority, starts_on=starts_on
    )
    record(
        "medications.product_followed",
        by=by,
        target=product,
        list=monitored_list.title,
        priority=Priority(priority).label,
        starts_on=starts_on.isoformat(),
    )
    return followed


@transaction.atomic
def end_follow_up(
    *, by: User, product: Product, starts_on: date, reason: str, seen: str | None = None
) -> None:
    """Stop following a product from a day on, what was announced after it too; journaled."""
    begin(by, starts_on)
    require_unchanged(product_state(product), seen)
    row = followed_from(product, starts_on)
    if row is None:
        raise SettingsError(f"{product.label} n’est plus suivi le {starts_on:%d/%m/%Y}.")
    product.monitorings.filter(starts_on__gte=starts_on).delete()
    still = product.monitorings.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on))
    still.update(ends_on=starts_on - ONE_DAY)
    record(
        "medications.follow_up_ended",
        by=by,
        target=product,
        list=row.monitored_list.title,
        starts_on=starts_on.isoformat(),
        reason=reason,
    )


def split(row: Monitoring, starts_on: date, priority: int) -> None:
    """From a day on, the same follow-up at another priority, until the same end."""
    if row.starts_on == starts_on:
        row.priority = priority
        row.save(update_fields=["priority"])
        return
    ends_on, row.ends_on = row.ends_on, starts_on - ONE_DAY
    row.save(update_fields=["ends_on"])
    Monitoring.objects.create(
        product=row.product,
        monitored_list=row.monitored_list,
        priority=priority,
        starts_on=starts_on,
        ends_on=ends_on,
    )


@transaction.atomic
def change_priority(
    *, by: User, product: Product, priority: int, starts_on: date, seen: str | None = None
) -> None:
    """Put a product at another priority from a day on; what is announced after stays; journaled."""
    begin(by, starts_on)
    require_unchanged(product_state(product), seen)
    row = followed_from(product, starts_on)
    if row is None or row.starts_on > starts_on:
        raise SettingsError(f"{product.label} n’est pas suivi le {starts_on:%d/%m/%Y}.")
    if row.priority == priority:
        raise SettingsError(f"{product.label} est déjà en {row.get_priority_display()} ce jour-là.")
    former = row.get_priority_display()
    split(row, starts_on, priority)
    record(
        "medications.priority_changed",
        by=by,
        target=product,
        list=row.monitored_list.title,
        starts_on=starts_on.isoformat(),
        before=former,
        after=Priority(priority).label,
    )


@transaction.atomic
def regroup_product(
    *,
    by: User,
    product: Product,
    reference: ReferenceProduct | None = None,
    substance: str = "",
    strength: str = "",
    seen: str | None = None,
) -> ReferenceProduct:
    """Put a product under a UCD de référence, known or made of a DCI and a strength; journaled.

    What pharmacies declared is summed by reference: it is settled again in the background.
    """
    begin(by, None)
    require_unchanged(product_state(product), seen)
    if product.kind == Kind.DEVICE:
        raise SettingsError("Un dispositif n’a pas d’UCD de référence.")
    found = reference or make_reference(substance, strength)
    if product.reference_id == found.pk:
        raise SettingsError(f"{product.label} est déjà sous {found.label}.")
    left, former = product.reference_id, str(product.reference or "")
    product.reference, product.substance = found, found.substance
    product.save(update_fields=["reference", "substance", "updated_at"])
    record("medications.product_regrouped", by=by, target=product, before=former, after=found.label)
    tell_regrouped([product.pk], [left] if left else [])
    return found


def make_reference(substance: str, strength: str) -> ReferenceProduct:
    """The UCD de référence of a molecule at a strength, made if it is not known."""
    name = " ".join(substance.upper().split())
    strength = " ".join(strength.split())
    if not (name and strength):
        raise SettingsError("Choisissez une UCD de référence, ou donnez une DCI et un dosage.")
    label = f"{name} {strength}"
    known: ReferenceProduct | None = ReferenceProduct.objects.filter(label__iexact=label).first()
    if known:
        return known
    molecule, _ = Substance.objects.get_or_create(name=name)
    reference, _ = ReferenceProduct.objects.get_or_create(
        substance=molecule, strength=strength, defaults={"label": label}
    )
    return reference


@transaction.atomic
def set_frequency(
    *,
    by: User,
    monitored_list: MonitoredList,
    weekdays: Sequence[int],
    due_time: time,
    starts_on: date,
    seen: str | None = None,
) -> ReportingRule:
    """Expect a list on other days or at another hour, from tomorrow at the earliest; journaled.

    Never from today: nobody becomes late of a declaration that was not announced.
    """
    begin(by, starts_on, earliest=timezone.localdate() + ONE_DAY)
    require_unchanged(list_state(monitored_list), seen)
    days = sorted(set(weekdays))
    if not days or not set(days) <= set(range(1, 8)):
        raise SettingsError("Une liste se déclare au moins une fois par semaine.")
    former = calendar_of(monitored_list).rule_on(starts_on)
    if (former.weekdays, former.at) == (tuple(days), due_time):
        raise SettingsError(f"La liste se déclare déjà {rhythm_sentence(former)} à cette date.")
    rule, _ = ReportingRule.objects.update_or_create(
        monitored_list=monitored_list,
        starts_on=starts_on,
        defaults={"weekdays": days, "due_time": due_time},
    )
    record(
        "medications.frequency_set",
        by=by,
        target=monitored_list.title,
        starts_on=starts_on.isoformat(),
        before=rhythm_sentence(former),
        after=rhythm_sentence(Due(starts_on, tuple(days), due_time)),
    )
    return rule
