"""The products of the State stock, the platforms, and what each warehouse holds."""

from django.utils import timezone

from config.demo.people import body
from establishments.models import AdministrativeBody
from orders.models import Platform, Product, Stock

Kind = AdministrativeBody.Kind
SIZES = ("XS", "S", "M", "L", "XL")
# item, reference, label, type, units in a pack, name of the pack, units on a pallet, in stock
PRODUCTS = (
    (1, "masque-chir-iir", "Masques chirurgicaux", "type IIR", 50, "boîte", 40_000, 6_000_000),
    (2, "masque-ffp2", "Masques FFP2", "sans soupape", 50, "carton", 20_000, 6_400_000),
    (5, "surblouse", "Surblouses", "non tissé", 25, "carton", 3_000, 2_400_000),
    (6, "tablier", "Tabliers", "plastique", 100, "carton", 30_000, 1_500_000),
    (7, "charlotte", "Protections de chevelure", "charlotte", 100, "carton", 50_000, 1_200_000),
    (8, "lunettes", "Lunettes de protection", "réutilisables", 10, "carton", 2_400, 90_000),
)
PICTOGRAMS = {
    1: "masque", 2: "masque", 4: "gants", 5: "surblouse", 6: "tablier", 7: "charlotte",
    8: "lunettes",
}  # fmt: skip
GLOVES = (4, 100, "boîte", 60_000, 4_000_000)
PLATFORMS = (("nord", "Plateforme SPF Nord"), ("centre", "Plateforme SPF Centre"),
             ("sud", "Plateforme SPF Sud"))  # fmt: skip


def build_catalogue() -> None:
    """Add what is missing; a stock already there keeps its counters."""
    for code, label in PLATFORMS:
        Platform.objects.get_or_create(code=code, defaults={"label": label})
    for rank, (item, code, label, kind, pack, name, pallet, units) in enumerate(PRODUCTS):
        add(item, code, label, kind, "", pack, name, pallet, units, rank)
    item, pack, name, pallet, units = GLOVES
    for rank, size in enumerate(SIZES):
        code = f"gants-nitrile-{size.lower()}"
        add(item, code, "Gants médicaux", "nitrile", size, pack, name, pallet, units, rank)


def add(item, code, label, kind, size, pack, name, pallet, units, rank) -> None:
    product, _ = Product.objects.get_or_create(
        code=code,
        defaults={
            "item_id": item, "label": label, "kind": kind, "size": size, "rank": rank,
            "pictogram": PICTOGRAMS[item],
            "units_per_pack": pack, "pack_label": name, "units_per_pallet": pallet,
        },
    )  # fmt: skip
    for holder, share in ((body(Kind.LA_POSTE), 3), (body(Kind.SPF), 2)):
        Stock.objects.get_or_create(
            product=product,
            holder=holder,
            defaults={"available": units * share // 5, "counted_at": timezone.now()},
        )
