"""A product that no public table holds yet, a new vaccine, a device: the country describes it."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from common.identifiers import normalize_ucd, ucd_key_holds
from common.refusal import RefusedValueError
from journal.services import record
from medications.models import AlternateCode, MonitoredList, Product
from medications.services.settings import KINDS, Kind, SettingsError, begin, make_reference

DEVICE_PREFIX = "DSV"
INVENTED_PREFIX = "993"
INVENTED = range(993_000, 994_000)  # the first six digits; no known code is there
SOURCE = "cellule nationale"


@transaction.atomic
def describe_product(
    *,
    by: User,
    monitored_list: MonitoredList,
    label: str,
    unit: str,
    code: str = "",
    laboratory: str = "",
    substance: str = "",
    strength: str = "",
) -> Product:
    """Add a product of the kind of a list; journaled. Nothing follows it yet.

    A device receives a code of its own. A UCD without a public code receives an invented one,
    flagged, until a public table brings the real one.
    """
    begin(by, None)
    kind = KINDS[MonitoredList.Slug(monitored_list.pk)]
    is_invented = kind != Kind.DEVICE and not code.strip()
    reference = make_reference(substance, strength) if substance or strength else None
    product: Product = Product.objects.create(
        code=code_of(kind, code),
        kind=kind,
        label=label,
        unit=unit,
        laboratory=laboratory,
        strength=strength,
        reference=reference,
        substance=reference.substance if reference else None,
        is_fictitious=is_invented,
        source=SOURCE,
    )
    record(
        "medications.product_described",
        by=by,
        target=product,
        code=product.code,
        list=monitored_list.title,
    )
    return product


def code_of(kind: str, code: str) -> str:
    """The code given, which nothing else bears, or the next of its own."""
    if kind == Kind.DEVICE:
        return next_free(f"{DEVICE_PREFIX}{number:04d}" for number in range(1, 10_000))
    if not code.strip():
        return next_free(invented_codes())
    try:
        ucd = normalize_ucd(code)
    except RefusedValueError as refusal:
        raise SettingsError(str(refusal)) from refusal
    if known := Product.objects.filter(code=ucd).first():
        raise SettingsError(f"L’UCD {ucd} est déjà connue\u00a0: {known.label}.")
    if other := AlternateCode.objects.filter(code=ucd).select_related("product").first():
        raise SettingsError(
            f"L’UCD {ucd} désigne déjà un autre produit\u00a0: {other.product.label}."
        )
    return ucd


def invented_codes() -> Iterator[str]:
    """Seven digits whose key holds, in a range of their own."""
    for six in INVENTED:
        for key in range(10):
            if ucd_key_holds(f"{six}{key}"):
                yield f"{six}{key}"


def next_free(codes: Iterator[str]) -> str:
    """The first that nobody bears."""
    invented = Q(code__startswith=DEVICE_PREFIX) | Q(code__startswith=INVENTED_PREFIX)
    taken = set(Product.objects.filter(invented).values_list("code", flat=True))
    return next(code for code in codes if code not in taken)
