"""What a decision would change, for how many pharmacies and from which due day.

The decision is really taken, looked at, then undone: a preview cannot say otherwise than the
service does, and refuses what it refuses.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from common import decisions
from common.decisions import undone
from medications.calendar import ReportingCalendar, calendar_of
from medications.models import CoverRule, MonitoredList, Product
from medications.reach import Reach
from medications.sentences import day_text, hour_text, plural, rhythm_sentence
from medications.thresholds import in_force

WEEKS_AHEAD = 4
NOBODY = "Aucune PUI"
Take = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class DueDay:
    """A day on which a list is due before the decision, after it, or both."""

    on: str
    before: str
    after: str

    @property
    def verdict(self) -> str:
        if not self.before:
            return "ajoutée"
        if not self.after:
            return "supprimée"
        return "inchangée" if self.before == self.after else "heure changée"


@dataclass(frozen=True, slots=True)
class Preview(decisions.Preview):
    """With the pharmacies concerned by region, and the due days around the change."""

    regions: dict[str, int] = field(default_factory=dict)
    due_days: list[DueDay] = field(default_factory=list)


def first_due(calendar: ReportingCalendar, day: date) -> date:
    return day if calendar.is_due(day) else calendar.next_due(day)


def due_sentence(calendar: ReportingCalendar, day: date) -> str:
    due = first_due(calendar, day)
    return f"l’échéance du {day_text(due)} à {hour_text(calendar.rule_on(due).at)}"


def puis(count: int) -> str:
    """« Aucune PUI », « 1 PUI », « 2 312 PUI »."""
    return plural(count, "PUI", mark="") if count else NOBODY


def concerned(count: int) -> str:
    """« 2 312 PUI sont concernées »."""
    if not count:
        return f"{NOBODY} n’est concernée"
    return f"{puis(count)} {'sont concernées' if count > 1 else 'est concernée'}"


def again_sentences(reach: Reach, slug: str, due: date) -> list[str]:
    """Those who have declared too early know that they have to do it again."""
    count = reach.transmitted(slug, due)
    if not count:
        return []
    verb = "ont" if count > 1 else "a"
    return [
        f"{puis(count)} {verb} déjà transmis pour cette échéance, sur la liste d’avant\u00a0: "
        "une nouvelle transmission la remplacera."
    ]


def preview_follow(
    take: Take, product: Product, monitored_list: MonitoredList, starts_on: date, reach: Reach
) -> Preview:
    undone(take, lambda: None)
    calendar = calendar_of(monitored_list)
    due = first_due(calendar, starts_on)
    sentences = [
        f"{concerned(reach.declaring(due))}\u00a0: ce produit s’ajoute à leur déclaration à "
        f"partir de {due_sentence(calendar, starts_on)}.",
        *again_sentences(reach, monitored_list.pk, due),
    ]
    title = f"{product.label} sera suivi à partir du {starts_on:%d/%m/%Y}"
    return Preview(title, sentences)


def preview_end(take: Take, product: Product, starts_on: date, reach: Reach) -> Preview:
    undone(take, lambda: None)
    row = product.monitorings.select_related("monitored_list").latest("starts_on")
    calendar = calendar_of(row.monitored_list)
    held = reach.holding([product.pk])
    count = sum(held.values())
    verb = "en tiennent ou en consomment" if count > 1 else "en tient ou en consomme"
    sentences = [
        f"Les PUI ne le déclareront plus à partir de {due_sentence(calendar, starts_on)}.",
        f"{puis(count)} {'n’' if not count else ''}{verb}, d’après les dernières déclarations.",
        "Ce qui a été déclaré est gardé, et se consulte à sa date.",
    ]
    title = f"{product.label} ne sera plus suivi à partir du {starts_on:%d/%m/%Y}"
    return Preview(title, sentences, regions=held)


def preview_priority(
    take: Take, product: Product, label: str, starts_on: date, reach: Reach
) -> Preview:
    undone(take, lambda: None)
    row = product.monitorings.select_related("monitored_list").latest("starts_on")
    calendar = calendar_of(row.monitored_list)
    held = reach.holding([product.pk])
    sentences = [
        f"{concerned(reach.declaring(starts_on))}\u00a0: il change de place dans leur liste à "
        f"partir de {due_sentence(calendar, starts_on)}.",
        "Les ARS et la cellule nationale le comptent alors avec les produits de cette "
        "priorité\u00a0; les chiffres d’avant gardent la leur.",
    ]
    title = f"{product.label} passera en {label} le {starts_on:%d/%m/%Y}"
    return Preview(title, sentences, regions=held)


def preview_regroup(take: Take, product: Product, reach: Reach) -> Preview:
    former = product.reference
    label = undone(take, lambda: str(product.reference))
    product.refresh_from_db()
    held = reach.holding([product.pk])
    count = sum(held.values())
    left = f", et plus sous {former.label}" if former else ""
    sentences = [
        f"Ses stocks, passés et à venir, se comptent désormais sous {label}{left}.",
        "Un regroupement n’a pas de date : il vaut aussitôt, pour toutes.",
        f"{puis(count)} {'n’' if not count else ''}en {'ont' if count > 1 else 'a'} "
        "déclaré ; rien n’est à refaire.",
    ]
    if former and not product.sisters.exists():
        sentences.append(f"{former.label} ne réunira plus aucune UCD.")
    return Preview(f"{product.label} passera sous {label}", sentences, regions=held)


def preview_frequency(
    take: Take, monitored_list: MonitoredList, starts_on: date, reach: Reach, now: datetime
) -> Preview:
    before = calendar_of(monitored_list)
    after = undone(take, lambda: calendar_of(monitored_list))
    days = due_days(before, after, now.date())
    former, new = before.rule_on(starts_on), after.rule_on(starts_on)
    per_week = (len(former.weekdays), len(new.weekdays))
    sentences = [
        f"Jusque-là {rhythm_sentence(former)}\u00a0; ensuite {rhythm_sentence(new)}.",
        f"{concerned(reach.declaring(starts_on))}\u00a0: {per_week[0]} déclaration"
        f"{'s' if per_week[0] > 1 else ''} par semaine avant, {per_week[1]} après.",
    ]
    later = [rule for rule in before.rules if rule.starts_on > starts_on]
    sentences += [
        f"Une autre fréquence reste annoncée à partir du {rule.starts_on:%d/%m/%Y}\u00a0: "
        f"{rhythm_sentence(rule)}."
        for rule in later
    ]
    title = f"{monitored_list.title}\u00a0: nouvelle fréquence à partir du {starts_on:%d/%m/%Y}"
    return Preview(title, sentences, due_days=days)


def due_days(before: ReportingCalendar, after: ReportingCalendar, today: date) -> list[DueDay]:
    """The next weeks, day by day, where either calendar expects something."""
    last = max(rule.starts_on for rule in after.rules)
    end = max(today, last) + timedelta(weeks=WEEKS_AHEAD)
    start = max(today, last - timedelta(weeks=1))
    days = [start + timedelta(days=count) for count in range((end - start).days)]
    return [
        DueDay(day_text(day), _hour(before, day), _hour(after, day))
        for day in days
        if before.is_due(day) or after.is_due(day)
    ]


def _hour(calendar: ReportingCalendar, day: date) -> str:
    return hour_text(calendar.rule_on(day).at) if calendar.is_due(day) else ""


def preview_thresholds(take: Take, decided: dict[str, Any], reach: Reach) -> Preview:
    """How many DCIs change of side, on the figures of today."""
    starts_on = decided["starts_on"]
    former = in_force(CoverRule.objects.order_by("starts_on"), starts_on)
    later = CoverRule.objects.filter(starts_on__gte=starts_on)
    replaced = list(later)
    (new,) = undone(take, lambda: [one.thresholds for one in later.all()])
    before, after = reach.tense(former), reach.tense(new)
    sentences = [
        f"Rupture sous {new.shortage}\u00a0j, critique sous {new.critical}\u00a0j, tendue sous "
        f"{new.tense}\u00a0j, au lieu de {former.shortage}, {former.critical} et {former.tense}.",
        f"DCI prioritaires en tension dans le pays, aux stocks déclarés à ce jour\u00a0: "
        f"{after} avec ces seuils, {before} sans.",
        f"{concerned(reach.declaring(starts_on))}\u00a0; rien n’est à redéclarer.",
        "Les échéances passées gardent leurs classes.",
    ]
    sentences += [
        f"Ceux annoncés pour le {one.starts_on:%d/%m/%Y} ({one}) sont remplacés."
        for one in replaced
    ]
    return Preview(f"Nouveaux seuils à partir du {starts_on:%d/%m/%Y}", sentences)
