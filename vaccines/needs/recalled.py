"""Which delivery each line of a page recalls, for all of them in one statement."""

from collections.abc import Collection, Iterable

from vaccines.models import SupplyLine
from vaccines.recalls import recalled_by


def recalled_by_each(lines: Collection[SupplyLine]) -> dict[int, SupplyLine | None]:
    """By line, what ``recalled_by`` says; waves and vaccines are read with the lines."""
    chain = chains_of(lines)
    return {one.pk: recalled_by(one, earlier_in(chain, one)) for one in lines}


def chains_of(lines: Iterable[SupplyLine]) -> list[SupplyLine]:
    """The standing lines of the same recipients, whatever their pharmacy, the newest first."""
    recipients = {one.recipient_id for one in lines}
    rows = SupplyLine.objects.standing().filter(recipient__in=recipients)
    found = rows.select_related("wave__vaccine", "pivot").order_by("-wave__delivers_on", "-pk")
    return list(found)


def rank_in(chain: Iterable[SupplyLine], line: SupplyLine) -> int:
    """1 for the first delivery of this vaccine to this recipient."""
    return 1 + len(earlier_in(chain, line))


def earlier_in(chain: Iterable[SupplyLine], line: SupplyLine) -> list[SupplyLine]:
    """The deliveries of the same vaccine to the same recipient before this one."""
    return [
        one
        for one in chain
        if one.recipient_id == line.recipient_id
        and one.wave.vaccine_id == line.wave.vaccine_id
        and one.wave.delivers_on < line.wave.delivers_on
    ]
