"""Which product an unknown code may stand for, and why. A proposal is never applied by itself."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models.expressions import RawSQL

from common.numbers import format_decimal
from medications.models import AlternateCode, Monitoring, Presentation, Product
from pui.transfer.changes import Quantities, gaps_between
from pui.transfer.followed import Followed
from pui.transfer.likeness import Likeness
from pui.transfer.shapes import Kind, Line, Proposal

MOST = 3  # proposals shown for one line


class Codes(NamedTuple):
    """What is known of an unknown line besides its code.

    ``others`` are the other UCDs it carries; ``cip`` a box; ``digits`` those of its code, read or
    not. ``boxes``: the code is that of a box, and so its quantities count boxes.
    """

    others: tuple[str, ...] = ()
    cip: str = ""
    digits: str = ""
    boxes: bool = False


class Likely(NamedTuple):
    product_id: int
    reason: str
    units: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Nomenclature:
    """What the nomenclature says of the unknown codes, read in four statements for all of them."""

    products: dict[str, Product]
    alternates: dict[str, int]
    boxes: dict[str, tuple[int | None, Decimal | None]]
    ended: dict[str, date]

    @classmethod
    def of(cls, followed: Followed, codes: Collection[str], cips: Collection[str]):
        ended = Monitoring.objects.filter(
            monitored_list=followed.monitored_list,
            product__code__in=array_of(codes),
            ends_on__lt=followed.due_on,
        ).order_by("ends_on")
        products = Product.objects.filter(code__in=array_of(codes))
        alternates = AlternateCode.objects.filter(code__in=array_of(codes))
        boxes = Presentation.objects.filter(cip13__in=array_of(cips))
        return cls(
            {one.code: one for one in products},
            dict(alternates.values_list("code", "product_id")),
            {cip: (pk, units) for cip, pk, units in boxes.values_list("cip13", "product", "units")},
            dict(ended.values_list("product__code", "ends_on")),
        )


def array_of(codes: Collection[str]) -> RawSQL:
    """Thousands of codes sent as one array: Django would write and copy them one by one."""
    return RawSQL("SELECT unnest(%s::text[])", [sorted(codes)])


class Proposer:
    """Proposes, for an unknown line, the followed products that no other line declares."""

    def __init__(
        self,
        followed: Followed,
        likeness: Likeness,
        lines: Sequence[Line],
        codes: dict[int, Codes],
    ) -> None:
        self.followed = followed
        self.likeness = likeness
        self.codes = codes
        declared = {line.product_id for line in lines}
        self.free = {one.pk: one for one in followed.products if one.pk not in declared}
        self.by_reference_id: dict[int | None, list[Product]] = defaultdict(list)
        for one in self.free.values():
            self.by_reference_id[one.reference_id].append(one)

    def propose(self, unknown: Sequence[Line]) -> None:
        """Fill their proposals. Those like nothing followed are set aside, or refused when their
        code could not be read.
        """
        codes = {line.code for line in unknown}
        codes.update(other for line in unknown for other in self.codes[line.number].others)
        cips = {found.cip for found in self.codes.values() if found.cip}
        self.nomenclature = Nomenclature.of(self.followed, codes, cips)
        for line in unknown:
            line.proposals = self.proposals(line)
            if not line.proposals:
                line.kind = Kind.REFUSED if line.is_code_refused else Kind.OUTSIDE

    def proposals(self, line: Line) -> list[Proposal]:
        found: dict[int, Proposal] = {}
        for likely in self.likely(line):
            product = self.free.get(likely.product_id)
            if product is None:
                continue
            if known := found.get(product.pk):
                if likely.reason not in known.reason:
                    found[product.pk] = known._replace(reason=f"{known.reason}, {likely.reason}")
            elif len(found) < MOST:
                units = str(likely.units) if likely.units else ""
                found[product.pk] = Proposal(
                    product.pk, product.code, product.label, likely.reason, units
                )
        return [self.completed(line, one) for one in found.values()]

    def completed(self, line: Line, proposal: Proposal) -> Proposal:
        """End its reason: nothing else of the file declares it; and say what would surprise."""
        reason = f"{proposal.reason}, produit suivi absent de votre fichier"
        if before := self.followed.before.get(proposal.product_id):
            line = replace(line, proposals=[proposal], chosen_id=proposal.product_id)
            if gaps := gaps_between(before, Quantities(*line.quantities)):
                reason += (
                    f"\u00a0; attention\u00a0: {', '.join(gaps)} depuis le {before.due_on:%d/%m/%Y}"
                )
        return proposal._replace(reason=reason)

    def likely(self, line: Line) -> Iterator[Likely]:
        """The surest reasons first."""
        codes = self.codes[line.number]
        yield from self.by_nomenclature(line, codes)
        if codes.cip:
            yield from self.by_box(line, codes)
        known = self.nomenclature.products.get(line.code)
        if known:
            yield from self.by_reference(known)
        else:
            for one in self.likeness.by_digits(codes.digits, line.label):
                yield Likely(one.product.pk, one.reason)
            for one in self.likeness.by_label(line.label):
                yield Likely(one.product.pk, one.reason)

    def by_nomenclature(self, line: Line, codes: Codes) -> Iterator[Likely]:
        """Another code of the same product, in the nomenclature or on the line itself."""
        if product_id := self.nomenclature.alternates.get(line.code):
            yield Likely(product_id, f"{line.code} est un autre code de ce produit")
        for code in codes.others:
            if product := self.followed.by_code.get(code):
                yield Likely(product.pk, f"la ligne porte aussi le code {code}")
            elif product_id := self.nomenclature.alternates.get(code):
                yield Likely(product_id, f"la ligne porte aussi {code}, autre code de ce produit")

    def by_box(self, line: Line, codes: Codes) -> Iterator[Likely]:
        """A box leads to the unit inside; what is counted in boxes is converted, and told."""
        product_id, units = self.nomenclature.boxes.get(codes.cip, (None, None))
        if product_id is None:
            return
        if not codes.boxes:
            yield Likely(product_id, f"le CIP13 {codes.cip} de la ligne est une de ses boîtes")
        elif units:
            yield Likely(product_id, conversion(line, units), units)
        else:
            reason = (
                "c’est une de ses boîtes, dont le nombre d’unités est inconnu\u00a0: les quantités "
            )
            yield Likely(product_id, f"{reason}seraient prises telles quelles")

    def by_reference(self, known: Product) -> Iterator[Likely]:
        """A product of the nomenclature that is not followed, or no longer: its equivalents are."""
        if known.reference_id is None:
            return
        if ended := self.nomenclature.ended.get(known.code):
            reason = f"{known.code} n’est plus suivi après le {ended:%d/%m/%Y}"
        else:
            reason = f"{known.code} n’est pas suivi"
        for product in self.by_reference_id[known.reference_id]:
            yield Likely(product.pk, f"{reason}, même UCD de référence")


def conversion(line: Line, units: Decimal) -> str:
    """« boîte de 10 : le stock de 12 devient 120, la CMJ de 2 devient 20 »."""
    pairs = (("le stock", line.stock), ("la CMJ", line.daily))
    told = [
        f"{what} de {format_decimal(number)} devient {format_decimal(number * units)}"
        for what, number in pairs
        if number is not None
    ]
    return f"c’est une de ses boîtes, de {format_decimal(units)}\u00a0: {', '.join(told)}"
