"""What somebody with two minutes looks at first, each point leading to its rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse

from epi_stocks.dashboard.figures import plural
from establishments.perimeter import Action
from orders.dashboard.board import Board, QuotaRow
from orders.dashboard.figures import NEARLY_ALL
from orders.dashboard.parts import Links

MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Point:
    text: str
    url: str
    link: str


def points(board: Board, links: Links) -> list[Point]:
    """In the order in which one acts: who asks for help, what runs out, who has ordered all."""
    return [*_relief(board), *_stock(board, links), *_used_up(board, links), *_full(board, links)]


def _relief(board: Board) -> Iterator[Point]:
    if waiting := board.waiting_relief:
        text = f"{plural(waiting, 'demande')} de dépannage à traiter."
        yield Point(text, reverse("orders:relief"), "Voir les demandes")


def _stock(board: Board, links: Links) -> Iterator[Point]:
    """For the country, weeks of the peak; for an ARS, the word."""
    if board.scope.user.may(Action.STOCK_STATE):
        short = [one for one in board.stocks if one.stock.is_short]
        named = [f"{one.name} ({one.stock.weeks_text})" for one in short]
        text = "Moins de dix semaines de pic en stock (semaines)"
    else:
        short = [one for one in board.stocks if one.stock.word != "disponible"]
        named = [f"{one.name} ({one.stock.word})" for one in short]
        text = "Stock de l’État limité ou épuisé"
    if short:
        yield Point(f"{text}\u00a0: {_some(named)}.", links.to("stock#stock"), "Voir le stock")


def _used_up(board: Board, links: Links) -> Iterator[Point]:
    found = [row for row in board.places if (row.now.share or 0) >= NEARLY_ALL]
    if not found:
        return
    word = "régions ont" if board.scope.is_national else "départements ont"
    if len(found) == 1:
        word = word.replace("s ont", " a")
    named = _some([_named(row) for row in found])
    text = f"{len(found)}\u00a0{word} commandé {NEARLY_ALL}\u00a0% ou plus des contingents"
    url = links.to("contingents#territoires")
    yield Point(f"{text}\u00a0: {named}.", url, "Voir les territoires")


def _named(row: QuotaRow) -> str:
    return f"{row.name} ({row.now.share_text})"


def _full(board: Board, links: Links) -> Iterator[Point]:
    if not board.scope.user.may(Action.STOCK_STATE) or not board.pallets.is_nearly_full:
        return
    text = f"L’entrepôt de La Poste est rempli à {board.pallets.share_text}."
    yield Point(text, links.to("stock#stock"), "Voir le stock")


def _some(names: Sequence[str]) -> str:
    """The first, and how many others."""
    others = len(names) - MOST_NAMED
    end = f" et {others}\u00a0autre{'s' if others > 1 else ''}" if others > 0 else ""
    return ", ".join(names[:MOST_NAMED]) + end
