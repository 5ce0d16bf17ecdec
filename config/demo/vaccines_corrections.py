"""Three reports of pharmacies, one of each kind, beside the lines of two waves."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from config.demo.country import FIRST_REGION
from medications.models import Monitoring
from pui.models import ServedEstablishment
from vaccines.models import LineReport, Reception, SupplyLine, Vaccine, VialDoses, Wave
from vaccines.services.corrections import NewLine, create_line

CELL, AGENT, PHARMACIST = "national@demo.example", "ars@demo.example", "gf@demo.example"
MOST = 12  # lines of a wave
Kind = LineReport.Kind
SAID = {
    Kind.MISSING: "Cet EHPAD vaccine la semaine prochaine et n’a pas de ligne.",
    Kind.MISPLACED: "Nous ne desservons plus cet établissement depuis janvier.",
    Kind.OFFICINE: "L’officine de la place le livre déjà.",
}


def build_line_reports() -> int:
    """Write what is missing; say how many reports there are."""
    with transaction.atomic():
        if not SupplyLine.objects.exists():
            build_lines()
        if not LineReport.objects.exists():
            build_reports()
    return LineReport.objects.count()


def build_lines() -> None:
    """A first delivery, received by half of its recipients; a second whose needs come."""
    vaccine, today = _vaccine(), timezone.localdate()
    served = list(_served()[:MOST])
    if vaccine is None or not served:
        return
    first = _wave("Vague 1", vaccine, today - timedelta(days=20))
    second = _wave("Vague 2", vaccine, today + timedelta(days=9))
    third = _wave("Vague 3", vaccine, today + timedelta(days=5))
    agent = User.objects.get(email=AGENT)
    for rank, one in enumerate(served):
        new = NewLine(first, one.establishment, SupplyLine.Flow.A, pui=one.pui)
        _lived(create_line(by=agent, new=new, reason="Ouverture de la vague"), rank)
        wave = third if rank % 3 == 2 else second
        if rank:
            new = NewLine(wave, one.establishment, SupplyLine.Flow.A, pui=one.pui)
            create_line(by=agent, new=new, reason="Ouverture de la vague")


def _lived(line: SupplyLine, rank: int) -> None:
    """Ordered, planned; every other one received and its people vaccinated."""
    person, now, doses = User.objects.get(email=PHARMACIST), timezone.now(), 30 + 6 * (rank % 6)
    line.first_doses, line.second_doses, line.need_at, line.need_by = doses, 0, now, person
    line.planned_doses, line.expected_on = doses, line.wave.delivers_on
    line.planned_at, line.planned_by = now, User.objects.get(email=CELL)
    if rank % 2 == 0:
        Reception.objects.create(
            line=line,
            received_on=line.wave.delivers_on,
            doses=doses,
            lot=f"EX{4100 + rank}",
            expires_on=timezone.localdate() + timedelta(days=12 + 9 * rank),
            told_by=person,
        )
        line.received_whole_at, line.vaccinated = now, doses + rank % 3
        line.vaccinated_at, line.vaccinated_by = now, person
    line.save()


def build_reports() -> None:
    lines = SupplyLine.objects.standing().filter(pui__establishment__region=FIRST_REGION)
    waiting = lines.filter(receptions=None).select_related("wave", "pui").order_by("-pk")[:2]
    missing = _served().exclude(establishment__in=lines.values("recipient")).last()
    wave = Wave.objects.order_by("-delivers_on").first()
    person = User.objects.get(email=PHARMACIST)
    for kind, line in zip((Kind.MISPLACED, Kind.OFFICINE), waiting, strict=False):
        LineReport.objects.create(
            pui=line.pui, kind=kind, line=line, comment=SAID[kind], told_by=person
        )
    first = missing or _served().first()
    if first and wave:
        LineReport.objects.create(
            pui=first.pui,
            kind=Kind.MISSING,
            wave=wave,
            recipient=first.establishment,
            comment=SAID[Kind.MISSING],
            told_by=person,
        )


def _served():
    rows = ServedEstablishment.objects.filter(
        ends_on=None, pui__establishment__region=FIRST_REGION, establishment__region=FIRST_REGION
    )
    return rows.select_related("pui", "establishment").order_by("pk")


def _vaccine() -> Vaccine | None:
    followed = Monitoring.objects.filter(monitored_list="covid").order_by("pk").first()
    if followed is None:
        return None
    found, is_new = Vaccine.objects.get_or_create(
        product=followed.product, defaults={"label": followed.product.label[:120]}
    )
    if is_new:
        VialDoses.objects.create(
            vaccine=found, starts_on=timezone.localdate() - timedelta(days=90), doses=6
        )
    return found


def _wave(label: str, vaccine: Vaccine, day) -> Wave:
    due = timezone.make_aware(datetime.combine(day - timedelta(days=7), datetime.min.time()))
    return Wave.objects.create(
        label=label,
        vaccine=vaccine,
        delivers_on=day,
        needs_due_at=due + timedelta(hours=12),
        opened_by=User.objects.get(email=CELL),
    )
