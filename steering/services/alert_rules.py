"""The national cell writes the rules of alerts, changes them, stops them; each change is kept."""

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import User
from establishments.models import Department, Region
from establishments.perimeter import Action
from journal.services import record
from steering.alerts.measures import MEASURES, measure_of
from steering.models import AlertRule, AlertScale
from steering.services.alert_errors import AlertChangedError, AlertError

NATIONAL = "Seule la cellule nationale écrit les règles d’alerte."


@dataclass(frozen=True, slots=True)
class Typed:
    """What is typed of a rule."""

    label: str
    measure: str
    scale: str
    urgency: str
    starts_on: date
    subject: str = ""
    region: Region | None = None
    department: Department | None = None
    at_least: str = ""
    threshold: Decimal | None = None
    places: int = 1
    lasts_days: int = 0
    calm_hours: int = 24
    ends_on: date | None = None

    def rule(self, rule: AlertRule | None = None) -> AlertRule:
        """A rule that says this, not written yet."""
        found = rule or AlertRule()
        for one in fields(self):
            setattr(found, one.name, getattr(self, one.name))
        return found


def state_of(rule: AlertRule) -> str:
    """What a form carries, to know whether somebody changed the rule since."""
    events: Any = AlertRule.pgh_event_models["update"].objects  # type: ignore[attr-defined]
    last = events.filter(pgh_obj=rule.pk).order_by("-pgh_id").values_list("pgh_id", flat=True)
    return f"{rule.pk} {last.first() or 0}"


@transaction.atomic
def create_rule(*, by: User, typed: Typed) -> AlertRule:
    _require_national(by)
    rule = typed.rule()
    _check(rule)
    rule.created_by = by
    rule.save()
    record("steering.alert_rule_created", by=by, target=rule, after=told(rule))
    return rule


@transaction.atomic
def change_rule(*, by: User, rule: AlertRule, typed: Typed, seen: str | None = None) -> AlertRule:
    """Change anything but the measure: another measure is another rule."""
    _require_national(by)
    locked = _locked(rule, seen)
    before = told(locked)
    if typed.measure != locked.measure:
        raise AlertError("Pour une autre mesure, écrivez une autre règle.")
    changed = typed.rule(locked)
    _check(changed)
    after = told(changed)
    if after == before:
        raise AlertError("Rien ne change.")
    changed.save()
    record("steering.alert_rule_changed", by=by, target=changed, before=before, after=after)
    return changed


@transaction.atomic
def stop_rule(*, by: User, rule: AlertRule, seen: str | None = None) -> None:
    """Its alerts close at the next look; the rule and its past are kept."""
    _require_national(by)
    locked = _locked(rule, seen)
    if not locked.is_active:
        raise AlertError("Cette règle est déjà arrêtée.")
    locked.is_active = False
    locked.save()
    record("steering.alert_rule_stopped", by=by, target=locked)


@transaction.atomic
def resume_rule(*, by: User, rule: AlertRule, seen: str | None = None) -> None:
    _require_national(by)
    locked = _locked(rule, seen)
    if locked.is_active:
        raise AlertError("Cette règle est déjà appliquée.")
    locked.is_active = True
    locked.save()
    record("steering.alert_rule_resumed", by=by, target=locked)


def told(rule: AlertRule) -> dict[str, str]:
    """What the rule says, for the journal."""
    left_out = {"id", "code", "created_by", "created_at", "is_active"}
    return {
        str(one.verbose_name): _word(rule, one.name)
        for one in AlertRule._meta.concrete_fields
        if one.name not in left_out
    }


def _word(rule: AlertRule, name: str) -> str:
    value = getattr(rule, name)
    if name == "measure":
        return measure_of(value).label
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    shown = getattr(rule, f"get_{name}_display", None)
    return str(shown() if shown else value if value is not None else "")


def _require_national(by: User) -> None:
    if not by.perimeter_to(Action.ALERT_RULE).is_national:
        raise AlertError(NATIONAL)


def _check(rule: AlertRule) -> None:
    """What the measure allows; the constraints of the database guard the rest too."""
    measure = MEASURES.get(rule.measure)
    if measure is None:
        raise AlertError("Cette mesure n’existe pas.")
    if rule.scale not in measure.scales:
        raise AlertError(f"«\u00a0{measure.label}\u00a0» ne se mesure pas à cette échelle.")
    if rule.at_least and not measure.has_levels:
        raise AlertError(f"«\u00a0{measure.label}\u00a0» n’a pas de classe\u00a0: donnez un seuil.")
    if bool(rule.at_least) == (rule.threshold is not None):
        raise AlertError("Choisissez une classe, ou donnez un seuil\u00a0: l’un des deux.")
    _check_territory(rule)
    if rule.ends_on and rule.ends_on < rule.starts_on:
        raise AlertError("La règle finit avant de commencer.")


def _check_territory(rule: AlertRule) -> None:
    if rule.department and rule.region_id and rule.department.region_id != rule.region_id:
        raise AlertError("Ce département n’est pas de cette région.")
    if rule.scale == AlertScale.SITE and not (rule.region_id or rule.department_id):
        raise AlertError("Pour des établissements, choisissez une région ou un département.")
    if rule.scale == AlertScale.COUNTRY and (rule.region_id or rule.department_id):
        raise AlertError("Une règle sur le pays entier n’a pas de territoire à choisir.")
    if rule.scale == AlertScale.REGION and rule.department_id:
        raise AlertError("Une règle sur les régions n’a pas de département à choisir.")
    if rule.places < 2:
        return
    if rule.scale not in (AlertScale.DEPARTMENT, AlertScale.REGION):
        raise AlertError("Plusieurs lieux à la fois\u00a0: des départements ou des régions.")
    if rule.department_id or (rule.scale == AlertScale.REGION and rule.region_id):
        raise AlertError("Plusieurs lieux à la fois\u00a0: ne choisissez pas un seul lieu.")


def _locked(rule: AlertRule, seen: str | None) -> AlertRule:
    rows = AlertRule.objects.select_related("region", "department")
    locked = rows.select_for_update(of=("self",), no_key=True).filter(pk=rule.pk).first()
    if locked is None or (seen is not None and state_of(locked) != seen):
        raise AlertChangedError(
            "Cette règle vient d’être changée par une autre personne\u00a0: relisez, puis décidez."
        )
    found: AlertRule = locked
    return found
