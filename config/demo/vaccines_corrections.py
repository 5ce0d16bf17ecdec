"""What the first wave became, and four reports of the pharmacist: three to treat, one answered."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from config.demo.vaccines_waves import FIRST
from establishments.perimeter import Action
from pui.models import Pui, ServedEstablishment
from vaccines.models import LineReport, Reception, SupplyLine, Wave
from vaccines.services.report_answers import dismiss_report
from vaccines.services.reports import Reported, report

OMEDIT, PHARMACIST = "omedit@demo.example", "gf@demo.example"
CARE_HOMES = ("500", "362")
Kind = LineReport.Kind
SAID = {
    Kind.MISSING: "Cet établissement vaccine la semaine prochaine et n’a pas de ligne.",
    Kind.MISPLACED: "Nous ne desservons plus cet établissement depuis janvier.",
    Kind.OFFICINE: "L’officine de la place le livre déjà.",
}
ANSWER = "Votre convention avec cet établissement court encore un an\u00a0: gardez cette ligne."


def build_line_reports() -> int:
    """Write what is missing; say how many reports there are."""
    with transaction.atomic():
        wave = Wave.objects.filter(label=FIRST).first()
        if wave and not Reception.objects.filter(line__wave=wave).exists():
            build_receptions(wave)
        if SupplyLine.objects.exists() and not LineReport.objects.exists():
            build_reports()
    return LineReport.objects.count()


def build_receptions(wave: Wave) -> None:
    """Four pharmacies out of five told what came; departments are not as far as one another."""
    by, now, today = User.objects.get(email=PHARMACIST), timezone.now(), timezone.localdate()
    rows = wave.lines.standing().select_related("recipient").order_by("pk")
    lines = [one for one in rows if one.pui_id % 5]
    Reception.objects.bulk_create(
        Reception(
            line=one,
            received_on=wave.delivers_on,
            doses=one.planned_doses,
            lot=f"EX{4100 + one.pui_id % 60}",
            expires_on=today + timedelta(days=9 + one.pui_id % 4 * 14),
            told_by=by,
        )
        for one in lines
    )
    for one in lines:
        one.received_whole_at, one.vaccinated_at, one.vaccinated_by = now, now, by
        one.vaccinated = one.planned_doses * _share(one) // 100
    told = ["received_whole_at", "vaccinated", "vaccinated_at", "vaccinated_by"]
    SupplyLine.objects.bulk_update(lines, told)


def _share(line: SupplyLine) -> int:
    """Of a hundred doses, how many people: from 45 to 108, by department."""
    return 45 + 9 * (sum(map(ord, line.recipient.department_id or "")) % 8)


def build_reports() -> None:
    """Of the pharmacist's own lines, those that wait first; and of a recipient without a line."""
    by = User.objects.get(email=PHARMACIST)
    own = SupplyLine.objects.for_user(by, to=Action.VAC_REPORT).standing()
    rows = own.select_related("wave", "pui", "recipient").order_by("-wave__delivers_on", "-pk")
    kinds = (Kind.OFFICINE, Kind.MISPLACED, Kind.MISPLACED)
    for line, kind in zip(rows[: len(kinds)], kinds, strict=False):
        report(by=by, pui=line.pui, reported=Reported(kind, line=line, comment=SAID[kind]))
    answered = LineReport.objects.filter(kind=Kind.MISPLACED).order_by("-pk").first()
    if answered:
        dismiss_report(by=User.objects.get(email=OMEDIT), report=answered, answer=ANSWER)
    _report_missing(by)


def _report_missing(by: User) -> None:
    wave = Wave.objects.order_by("-delivers_on").first()
    reached = Pui.objects.for_user(by, to=Action.VAC_REPORT).filter(closed_on=None)
    served = ServedEstablishment.objects.filter(pui__in=reached, ends_on=None)
    there = SupplyLine.objects.standing().values("recipient")
    without = served.filter(establishment__category__in=CARE_HOMES).exclude(establishment__in=there)
    found = without.select_related("pui", "establishment").order_by("pk").first()
    if found and wave:
        missing = Reported(
            Kind.MISSING, recipient=found.establishment, wave=wave, comment=SAID[Kind.MISSING]
        )
        report(by=by, pui=found.pui, reported=missing)
