"""The pages of e-Dispostock at the national size, through the real WSGI application.

    python bench/pharmacies.py [--times 40] [--only WORD]

2,500 pharmacies × 200 products × 156 due days, made by ``demo --scale national --only medicines``
in ``DATA_DIR``; what it adds there is the people who read.
"""

import argparse
import multiprocessing
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import nation, web  # noqa: I001 - sets Django up
from django.conf import settings
from django.db import connection
from django.db.models import Count

from accounts.models import User
from bench.lists import Page
from config.demo.national import PHARMACIES
from establishments.models import Region
from medications.models import MonitoredList, Monitoring, Product
from pui.models import LatestStock, MedicineNeed, Pui, ShareOut, Transmission

OTHERS = MonitoredList.Slug.OTHERS
SUBSTANCE = "CISATRACURIUM"
REGION, STATE = "/dispostock/region/", "/dispostock/medicaments/etat-du-stock/"
FOR_TERRITORY = {
    "territoire": REGION,
    "territoire, une DCI": f"{REGION}?dci={SUBSTANCE}",
    "territoire, par UCD": f"{REGION}?produits=ucd",
    "territoire, par UCD de référence": f"{REGION}?produits=reference",
    "territoire, par PUI, une DCI": f"{REGION}?lignes=pui&dci={SUBSTANCE}",
    "qui peut dépanner": f"{REGION}depanner/?produit={SUBSTANCE}",
    "PUI en retard": f"{REGION}retards/",
    "relances": f"{REGION}relances/",
    "registre des PUI": "/dispostock/pui/",
    "registre, un mot": "/dispostock/pui/?recherche=national",
    "liste UCD": "/dispostock/medicaments/ucd/",
    "historique des transmissions": "/dispostock/medicaments/transmission/historique/",
    "demandes d’aide": "/dispostock/medicaments/demandes/",
    "répartitions": "/dispostock/medicaments/repartition/",
    "entraide": "/entraide/",
    "relevés": "/dispostock/region/releves/",
    "accueil e-Dispostock": "/dispostock/",
    "accueil": "/",
}
FOR_REGION = {
    "territoire, par PUI": f"{REGION}?lignes=pui",
    "territoire, par PUI et UCD": f"{REGION}?lignes=pui&produits=ucd",
    "territoire, par PUI et UCD, page 200": f"{REGION}?lignes=pui&produits=ucd&page=200",
    "territoire, par établissement": f"{REGION}?lignes=etablissement",
    "territoire, par PUI, en tension": f"{REGION}?lignes=pui&niveau=tension",
}
FOR_PHARMACY = {
    "état du stock, UCD": STATE,
    "état du stock, UCD de référence": f"{STATE}?par=reference",
    "état du stock, DCI": f"{STATE}?par=dci",
    "état du stock, 200 lignes": f"{STATE}?page=toutes",
    "saisie": "/dispostock/medicaments/transmission/",
    "historique des transmissions": "/dispostock/medicaments/transmission/historique/",
    "liste UCD": "/dispostock/medicaments/ucd/",
    "demandes d’aide": "/dispostock/medicaments/demandes/",
    "répartitions reçues": "/dispostock/medicaments/repartition/",
    "entraide": "/entraide/",
    "accueil e-Dispostock": "/dispostock/",
    "accueil": "/",
}


def prepare() -> bool:
    """Whether the base has the national size; the bench of the pages changes nothing of it."""
    multiprocessing.set_start_method("fork")
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('pui_pui') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return False
    return Pui.objects.count() >= PHARMACIES


def largest_region() -> Region:
    return Region.objects.annotate(size=Count("establishment__puis")).latest("size")


def a_pharmacy(region: Region) -> Pui:
    """That of an entity of the region with several, up to date."""
    told = Transmission.objects.filter(monitored_list=OTHERS, state="confirmed")
    puis = Pui.objects.filter(establishment__region=region, closed_on=None)
    last = told.order_by("-due_on").values_list("due_on", flat=True).first()
    found = puis.filter(transmissions__in=told.filter(due_on=last))
    entities = found.annotate(size=Count("establishment__legal_entity__establishments__puis"))
    return entities.order_by("-size", "pk")[0]


def readers() -> dict[str, User]:
    region = largest_region()
    pui = a_pharmacy(region)
    return {
        "PUI": nation.person_of("GF", on=pui.establishment),
        "entité": nation.person_of("GF", on=pui.establishment.legal_entity),
        "ARS": nation.person_of("ARA", on=region),
        "pays": nation.person_of("NAT", domain="dispostock"),
    }


def addresses(name: str, pui: Pui) -> dict[str, str]:
    """What each of the readers opens; a product is one of the national priority."""
    if name in ("PUI", "entité"):
        followed = Monitoring.objects.filter(monitored_list=OTHERS, ends_on=None)
        held = LatestStock.objects.filter(pui=pui).values("product")
        product = Product.objects.filter(
            monitorings__in=followed.filter(priority=1), pk__in=held
        ).first()
        return FOR_PHARMACY | {"un produit et son histoire": f"{STATE}{pui.pk}/{product.code}/"}
    pages = dict(FOR_TERRITORY)
    if name != "pays":
        pages |= FOR_REGION
    pages["qui peut dépanner une PUI"] = (
        f"{REGION}depanner/?produit={SUBSTANCE}&pour={pui.establishment.finess}"
    )
    pages["état du stock d’une PUI"] = f"{STATE}?pui={pui.pk}"
    return pages | works(pui)


def works(pui: Pui) -> dict[str, str]:
    """One share-out and one need, where the demonstration left some."""
    found = {}
    share_out, need = ShareOut.objects.first(), MedicineNeed.objects.first()
    if share_out:
        one = f"/dispostock/medicaments/repartition/{share_out.pk}/"
        found["répartition, une région"] = f"{one}region/{pui.establishment.region_id}/"
    if need:
        found["entraide, tous les besoins"] = "/entraide/medicaments/proposer/"
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--only", default="", help="les pages dont le titre contient ce mot")
    options = parser.parse_args()
    if not prepare():
        print("pharmacies : pas de base nationale ici, rien n’est mesuré")
        return
    print(f"pharmacies, {Pui.objects.count()} PUI, {nation.load_text()}", flush=True)
    pui = a_pharmacy(largest_region())
    for name, reader in readers().items():
        browser = web.Browser(web.log_in(reader))
        for title, address in addresses(name, pui).items():
            if options.only in f"{name}, {title}":
                Page(f"{name}, {title}", browser, address).measure(options.times)


if __name__ == "__main__":
    main()
