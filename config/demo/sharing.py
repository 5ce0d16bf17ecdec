"""Two share-outs, one that agencies adjust and one that is published; two requests for help."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from config.demo.country import FIRST_REGION
from pui.medicine import Medicine, find_medicine, names_offered
from pui.models import HelpRequest, Pui, ShareOut
from pui.services.adjusting import Adjustment, adjust
from pui.services.helping import Asked, Outcome, answer_request, ask_help
from pui.services.publishing import publish
from pui.services.receiving import Reception, confirm_reception
from pui.services.sharing import Opening, open_share_out
from pui.sharing.needs import read_needs

CELL, AGENT, PHARMACIST = "national@demo.example", "ars@demo.example", "gf@demo.example"
# what the pharmacies of the demonstration lack
OPENED, PUBLISHED, ASKED = "cisatracurium", "midazolam 5 mg/1", "propofol 200"
DAYS = 2  # of the country's consumption, to share out


def build_sharing() -> int:
    """Write the share-outs and the requests that are missing; say how many share-outs there are."""
    with transaction.atomic():
        if not ShareOut.objects.exists():
            build_published()
            build_adjusting()
        if not HelpRequest.objects.exists():
            build_requests()
    return ShareOut.objects.count()


def build_adjusting() -> None:
    share_out = _open(OPENED, "Livraison aux PUI prévue en fin de semaine.")
    if share_out is None:
        return
    done = share_out.regions.exclude(region=FIRST_REGION).order_by("region__name").first()
    if done:
        cell = User.objects.get(email=CELL)
        adjust(
            by=cell, regional=done, asked=Adjustment({}, {}, "Vu avec l’ARS au téléphone.", True)
        )


def build_published() -> None:
    """Some pharmacies confirmed, one of them a gap."""
    share_out = _open(PUBLISHED, "")
    if share_out is None:
        return
    publish(by=User.objects.get(email=CELL), share_out=share_out)
    own = Pui.objects.filter(pk__in=_own_puis())
    served = share_out.pharmacies.filter(quantity__gt=3, regional__region=FIRST_REGION)
    for rank, share in enumerate(served.exclude(pui__in=own).select_related("pui")[:4]):
        person = _pharmacist_of(share.pui)
        if person is None:
            continue
        gap = 2 if rank == 1 else 0
        said = "Deux unités cassées à la livraison, signalées au transporteur." if gap else ""
        reception = Reception(share.quantity - gap, timezone.localdate(), said)
        confirm_reception(by=person, share=share, reception=reception)


def build_requests() -> None:
    """One waits, of the pharmacist of the demonstration; the other is taken care of."""
    medicine, person = _medicine(ASKED), User.objects.get(email=PHARMACIST)
    own = Pui.objects.filter(pk__in=_own_puis()).first()
    if medicine is None or own is None:
        return
    why = (
        "Deux lits de réanimation ouverts lundi\u00a0; le fournisseur ne livre plus cette semaine."
    )
    urgent = Asked(medicine, 120, HelpRequest.Urgency.DAYS, why)
    ask_help(by=person, pui=own, asked=urgent)
    others = Pui.objects.filter(closed_on=None, establishment__region=FIRST_REGION)
    for pui in others.exclude(pk=own.pk).select_related("establishment").order_by("pk"):
        colleague = _pharmacist_of(pui)
        if colleague is None:
            continue
        asked = Asked(
            medicine, 40, HelpRequest.Urgency.WEEK, "Commande annulée par le fournisseur."
        )
        row = ask_help(by=colleague, pui=pui, asked=asked)
        said = "Nous appelons le CHU demain matin\u00a0; réponse dans la journée."
        agent = User.objects.get(email=AGENT)
        answer_request(by=agent, request=row, outcome=Outcome.TAKEN, text=said)
        return


def _open(substance: str, note: str) -> ShareOut | None:
    """A quantity of a few days of what the country consumes, by packs of ten."""
    medicine, now = _medicine(substance), timezone.now()
    if medicine is None:
        return None
    daily = sum(one.daily for one in read_needs(medicine, now) if not one.block and one.daily)
    quantity = int(DAYS * daily) // 10 * 10
    if not quantity:
        return None
    closes_on = timezone.localdate() + timedelta(days=3)
    opening = Opening(medicine, quantity, 10, closes_on, note)
    return open_share_out(by=User.objects.get(email=CELL), opening=opening, now=now)


def _medicine(substance: str) -> Medicine | None:
    """The first followed reference product of a molecule."""
    day = timezone.localdate()
    names = (name for name in names_offered(day) if name.casefold().startswith(substance))
    return next(filter(None, (find_medicine(name, day) for name in names)), None)


def _own_puis() -> list[int]:
    """Those of the pharmacist of the demonstration."""
    person = User.objects.get(email=PHARMACIST)
    rows = Pui.objects.filter(closed_on=None, establishment__region=FIRST_REGION)
    profile = person.profiles.first()
    entity = profile.legal_entity_id if profile else None
    return list(rows.filter(establishment__legal_entity=entity).values_list("pk", flat=True))


def _pharmacist_of(pui: Pui) -> User | None:
    address = f"gf.{pui.establishment.finess.lower()}@sante.example"
    return User.objects.filter(email=address).first()
