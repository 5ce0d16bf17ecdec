"""The lines that a wave would have: found at once, each refusal with its reason."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from common.identifiers import IdentifierError, normalize_finess
from common.refusal import RefusedValueError
from common.tabular import ErrorReport
from establishments.models import Establishment
from pui.models import Pui, ServedEstablishment
from vaccines.models import SupplyLine, Vaccine, Wave
from vaccines.recalls import before, deliveries_to, flow_refusal, recalled_by, recalling
from vaccines.waves.asked import FLOW, PIVOT, PUI, RECIPIENT, Asked

Flow = SupplyLine.Flow
FLOWS: Final = {
    "": "",
    "a": Flow.A,
    "flux a": Flow.A,
    "spf": Flow.A,
    "santé publique france": Flow.A,
    "b": Flow.B,
    "flux b": Flow.B,
    "hôpital pivot": Flow.B,
    "ch pivot": Flow.B,
}
REGISTER: Final = "une PUI ouverte du registre, ou une ligne «\u00a0desservi par\u00a0»"


class LineRefusedError(RefusedValueError):
    """One recipient cannot have a line; ``column`` is where."""

    def __init__(self, column: str, value: str, reason: str, expected: str) -> None:
        self.column = column
        super().__init__(value, "possible ici", reason, expected)


@dataclass(frozen=True, slots=True)
class Draft:
    """A line to write; ``relinked`` are later deliveries, which will recall it."""

    recipient: Establishment
    pui: Pui
    flow: str
    pivot: Pui | None
    recalled: SupplyLine | None
    relinked: Sequence[SupplyLine] = ()


@dataclass(slots=True)
class Drafted:
    """What a wave would gain: new lines, how many it has already, what is refused."""

    new: list[Draft] = field(default_factory=list)
    same: int = 0
    errors: ErrorReport = field(default_factory=ErrorReport)

    @property
    def mark(self) -> str:
        """What was before one's eyes: it changes with any of the lines."""
        lines = (
            f"{one.recipient.pk}:{one.pui.pk}:{one.flow}:{one.pivot.pk if one.pivot else ''}:"
            f"{one.recalled.pk if one.recalled else ''}:{[line.pk for line in one.relinked]}"
            for one in self.new
        )
        return hashlib.sha256("|".join(sorted(lines)).encode()).hexdigest()

    @property
    def puis(self) -> int:
        return len({one.pui.pk for one in self.new})

    @property
    def recalls(self) -> int:
        """How many are not a first delivery."""
        return sum(one.recalled is not None for one in self.new)

    @property
    def relinked(self) -> int:
        """How many later deliveries recall one of these from now on."""
        return sum(len(one.relinked) for one in self.new)

    @property
    def of_pivots(self) -> int:
        return sum(one.flow == Flow.B for one in self.new)

    @property
    def by_region(self) -> list[tuple[str, int]]:
        regions = (one.pui.establishment.region for one in self.new)
        counts = Counter(region.name if region else "Hors région" for region in regions)
        return sorted(counts.items())

    @property
    def by_pui(self) -> list[tuple[Pui, int]]:
        """The pharmacies with the most lines first."""
        counts = Counter(one.pui.pk for one in self.new)
        known = {one.pui.pk: one.pui for one in self.new}
        ranked = sorted(counts, key=lambda pk: (-counts[pk], known[pk].label, pk))
        return [(known[pk], counts[pk]) for pk in ranked]


@dataclass(slots=True)
class Facts:
    """What the directory and the register know of all that was asked: a statement for each."""

    sites: dict[str, Establishment]
    puis: dict[str, list[Pui]]  # by number of their site
    serving: dict[int, list[Pui]]  # by establishment served
    chains: dict[int, list[SupplyLine]]  # its other deliveries, by recipient
    present: set[int]  # recipients that have their line in the wave
    wave: Wave  # not written yet when it is a new one


def check(
    asked: Sequence[Asked], vaccine: Vaccine, delivers_on: date, wave: Wave | None = None
) -> Drafted:
    """Find the lines, and why the others cannot be; the same statements for one or for all."""
    found = Drafted()
    rows = _readable(asked, found.errors)
    facts = _facts_of(rows, vaccine, delivers_on, wave)
    for one in rows:
        try:
            draft = _draft_of(one, facts)
        except LineRefusedError as refusal:
            found.errors.add_refusal(one.number, refusal.column, refusal)
            continue
        if draft is None:
            found.same += 1
        else:
            found.new.append(draft)
    return found


def _readable(asked: Sequence[Asked], errors: ErrorReport) -> list[Asked]:
    """Their numbers in the stored form; a recipient told twice has one line, told once."""
    lines: dict[str, list[Asked]] = {}
    for one in asked:
        if (row := _normal(one, errors)) is not None:
            lines.setdefault(row.recipient, []).append(row)
    kept = []
    for same in lines.values():
        told = {(one.pui, one.flow, one.pivot) for one in same}
        if len(told) == 1:
            kept.append(same[0])
            continue
        for one in same:
            others = ", ".join(str(other.number) for other in same if other is not one)
            reason = f"déjà demandé autrement à la ligne {others}"
            errors.add(one.number, RECIPIENT, one.recipient, reason, "une ligne par destinataire")
    return kept


def _normal(one: Asked, errors: ErrorReport) -> Asked | None:
    parts = {}
    for column, name in ((RECIPIENT, "recipient"), (PUI, "pui"), (PIVOT, "pivot")):
        text = getattr(one, name)
        try:
            parts[name] = normalize_finess(text) if text or name == "recipient" else ""
        except IdentifierError as refusal:
            errors.add_refusal(one.number, column, refusal)
            return None
    flow = FLOWS.get(" ".join(one.flow.casefold().split()))
    if flow is None:
        errors.add(one.number, FLOW, one.flow, "ce flux n’existe pas", "A ou B")
        return None
    return Asked(one.number, flow=str(flow), **parts)


def _facts_of(
    rows: Sequence[Asked], vaccine: Vaccine, delivers_on: date, wave: Wave | None
) -> Facts:
    sites = {
        one.finess: one
        for one in Establishment.objects.filter(finess__in=[one.recipient for one in rows])
    }
    places = list(sites.values())
    numbers = {number for one in rows for number in (one.recipient, one.pui, one.pivot) if number}
    open_puis = Pui.objects.open_on(delivers_on)
    puis: dict[str, list[Pui]] = {}
    related = open_puis.filter(establishment__finess__in=numbers)
    for pui in related.select_related("establishment__region").order_by("pk"):
        puis.setdefault(pui.establishment.finess, []).append(pui)
    serving: dict[int, list[Pui]] = {}
    served = ServedEstablishment.objects.in_force(delivers_on).filter(
        establishment__in=places, pui__in=open_puis
    )
    rows_of = served.select_related("pui__establishment__region")
    for link in rows_of.order_by("starts_on", "pk"):
        serving.setdefault(link.establishment_id, []).append(link.pui)
    present = SupplyLine.objects.standing().filter(wave=wave) if wave else SupplyLine.objects.none()
    return Facts(
        sites=sites,
        puis=puis,
        serving=serving,
        chains=deliveries_to(places, vaccine),
        present=set(present.values_list("recipient", flat=True)),
        wave=wave or Wave(vaccine=vaccine, delivers_on=delivers_on),
    )


def _draft_of(one: Asked, facts: Facts) -> Draft | None:
    """The line of one recipient; None when the wave has it."""
    site = facts.sites.get(one.recipient)
    if site is None:
        reason = "inconnu de l’annuaire FINESS"
        raise LineRefusedError(RECIPIENT, one.recipient, reason, "un établissement ouvert")
    if site.pk in facts.present:
        return None
    if site.closed_on:
        reason = f"{site.name} est fermé depuis le {site.closed_on:%d/%m/%Y}"
        raise LineRefusedError(RECIPIENT, one.recipient, reason, "un établissement ouvert")
    pui = _pui_of(one, site, facts)
    line = SupplyLine(wave=facts.wave, recipient=site, pui=pui)
    chain = facts.chains.get(site.pk, [])
    line.recalled = recalled_by(line, before(chain, facts.wave.delivers_on))
    line.flow, line.pivot = _origin_of(one, line.recalled, facts)
    relinked = recalling(line, chain)
    _refuse_flows(line, relinked)
    return Draft(site, pui, line.flow, line.pivot, line.recalled, relinked)


def _origin_of(one: Asked, recalled: SupplyLine | None, facts: Facts) -> tuple[str, Pui | None]:
    """As asked; else that of the delivery recalled, when a pivot hospital began; else SPF."""
    if not one.flow and not one.pivot and recalled and recalled.pivot and recalled.pivot.is_open:
        return Flow.B, recalled.pivot
    flow = one.flow or (Flow.B if one.pivot else Flow.A)
    return flow, _pivot_of(one, flow, facts)


def _within(sentence: str) -> str:
    """A sentence inside another."""
    return f"{sentence[:1].lower()}{sentence[1:].rstrip('.')}"


def _refuse_flows(line: SupplyLine, relinked: Sequence[SupplyLine]) -> None:
    """What began in flow B stays in flow B, with the line before and with those after."""
    if why := flow_refusal(line.flow, line.recalled):
        reason = f"{line.recipient.name}\u00a0: {_within(why)}"
        raise LineRefusedError(FLOW, line.flow, reason, "le flux B")
    for one in relinked:
        if line.flow == Flow.B and one.flow == Flow.A:
            day = f"{one.wave.delivers_on:%d/%m/%Y}"
            reason = f"{line.recipient.name}\u00a0: sa livraison suivante, du {day}, est du flux A"
            expected = "le flux A\u00a0: une première injection du flux B garde le flux B"
            raise LineRefusedError(FLOW, line.flow, reason, expected)


def _pui_of(one: Asked, site: Establishment, facts: Facts) -> Pui:
    """The one named; else its own, else the one that serves it."""
    own, serving = facts.puis.get(site.finess, []), facts.serving.get(site.pk, [])
    if not one.pui:
        found = own or serving[:1]
        if not found:
            reason = f"{site.name} n’a pas de PUI et aucune ne le dessert"
            raise LineRefusedError(PUI, one.recipient, reason, REGISTER)
        return _only(found, PUI, site.finess)
    there = facts.puis.get(one.pui, [])
    among = [pui for pui in there if pui in serving] or there
    if not among:
        reason = "aucune PUI ouverte n’est implantée sur ce site"
        raise LineRefusedError(PUI, one.pui, reason, "le FINESS du site d’une PUI")
    return _only(among, PUI, one.pui)


def _pivot_of(one: Asked, flow: str, facts: Facts) -> Pui | None:
    if flow == Flow.A:
        if one.pivot:
            reason = "le flux A vient de Santé publique France"
            raise LineRefusedError(PIVOT, one.pivot, reason, "rien, ou le flux B")
        return None
    if not one.pivot:
        reason = "le flux B vient d’un hôpital pivot"
        raise LineRefusedError(PIVOT, "", reason, "le FINESS du site de sa PUI")
    found = facts.puis.get(one.pivot, [])
    if not found:
        reason = "aucune PUI ouverte n’est implantée sur ce site"
        raise LineRefusedError(PIVOT, one.pivot, reason, "le FINESS du site d’une PUI")
    return _only(found, PIVOT, one.pivot)


def _only(puis: Sequence[Pui], column: str, number: str) -> Pui:
    if len(puis) > 1:
        names = ", ".join(one.label for one in puis[:4])
        reason = f"ce site a plusieurs PUI\u00a0: {names}"
        raise LineRefusedError(column, number, reason, "un site qui n’en a qu’une")
    return puis[0]
