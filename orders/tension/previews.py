"""Whom a tension reaches, before it is declared: beneficiaries, those who have a quota."""

from django.db.models import QuerySet

from common.decisions import Preview
from common.numbers import format_integer
from common.weeks import monday_of, week_label
from orders.models import Beneficiary, Quota, Tension
from orders.services.tensions import Declared, place_name, span_text


def preview_declared(typed: Declared) -> Preview:
    listed = beneficiaries_in(typed)
    count, week = listed.count(), monday_of(typed.starts_on)
    quotas = Quota.objects.filter(week=week, item=typed.item, beneficiary__in=listed, granted__gt=0)
    having = quotas.count()
    sentences = [
        f"Bénéficiaires qui verront «\u00a0{typed.item}\u00a0» parmi les EPI disponibles "
        f"uniquement sur stock État, et un bandeau\u00a0: {format_integer(count)}.",
        f"Parmi eux, ceux qui ont un contingent pour la semaine {week_label(week)}\u00a0: "
        f"{format_integer(having)}.",
        "Les ARS concernées reçoivent un courriel.",
    ]
    if typed.message:
        sentences.append(f"Message montré\u00a0: «\u00a0{typed.message}\u00a0»")
    title = (
        f"{typed.item}, {typed.place}\u00a0: tension {span_text(typed.starts_on, typed.ends_on)}"
    )
    return Preview(title, sentences, [*_without_quota(having), *_others(typed)])


def _without_quota(having: int) -> list[str]:
    if having:
        return []
    return [
        "Aucun contingent n’est publié pour cet équipement cette semaine-là\u00a0: les "
        "bénéficiaires liront 0/0 et ne pourront pas commander tant qu’un contingentement n’est "
        "pas publié."
    ]


def _others(typed: Declared) -> list[str]:
    """A region’s own tension and the country’s hold together: the region’s message is shown."""
    rows = Tension.objects.in_force(typed.starts_on).filter(item=typed.item)
    rows = rows.filter(region__isnull=typed.region is not None).select_related("region")
    return [
        f"Une tension ({place_name(one.region)}) est déjà en cours à cette date\u00a0: les deux "
        "valent ensemble, et le message régional est celui que la région lit."
        for one in rows
    ][:1]


def beneficiaries_in(typed: Declared) -> QuerySet[Beneficiary]:
    rows = Beneficiary.objects.filter(is_listed=True)
    return rows.filter(region=typed.region) if typed.region else rows


def preview_end(tension: Tension, title: str) -> Preview:
    return Preview(
        title,
        [
            f"{tension.item}, {place_name(tension.region)}.",
            "À partir du lendemain, le contingent revient à 0/0 et l’équipement s’achète chez "
            "les fournisseurs habituels.",
            "Les commandes déjà transmises sont servies. Les ARS concernées reçoivent un courriel.",
        ],
    )
