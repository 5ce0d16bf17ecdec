"""The tables of a dashboard, each declared once: the page and the file cannot disagree."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.html import format_html

from common.columns import UNDER, Column, Table
from common.numbers import format_integer
from establishments.perimeter import Action
from orders.dashboard.board import Board, DelayRow, QuotaRow, StateRow, StockRow
from orders.dashboard.figures import days_text


@dataclass(frozen=True, slots=True)
class Shown:
    """A table and its rows; ``note`` says how it is counted, ``is_folded``: opened on demand."""

    table: Table
    rows: list[Any]
    note: str = ""
    is_folded: bool = False

    @property
    def lines(self) -> list[list[tuple[Column, Any]]]:
        return [self.table.cells(row) for row in self.rows]

    @property
    def file_rows(self) -> Iterable[list[Any]]:
        return (self.table.file_row(row) for row in self.rows)


def _number(header: str, value: Callable[[Any], int | None], indicator: str = "") -> Column:
    return Column(
        header, value, lambda row: _shown(value(row)), is_number=True, indicator=indicator
    )


def _shown(value: int | None) -> str:
    return "–" if value is None else format_integer(value)


def _share_cell(row: QuotaRow) -> str:
    if not row.before.granted:
        return row.now.share_text
    before = f"semaine d’avant\u00a0: {row.before.share_text}"
    return format_html("{}" + UNDER, row.now.share_text, before)


def _quota_columns(first: Column) -> list[Column]:
    return [
        first,
        _number("Autorisé (unités)", lambda row: row.now.granted, "contingent-autorise"),
        _number("Commandé (unités)", lambda row: row.now.used),
        Column(
            "Utilisé (%)",
            lambda row: row.now.share,
            _share_cell,
            is_number=True,
            indicator="contingent-utilise",
        ),
        Column(
            "Utilisé la semaine d’avant (%)", lambda row: row.before.share, _in_the_file, under=True
        ),
        _number("Contingents épuisés", lambda row: row.now.exhausted, "contingents-epuises"),
        _number("Besoin non couvert (unités)", lambda row: row.now.unserved, "besoin-non-couvert"),
    ]


def _in_the_file(row: Any) -> str:
    return ""


def places(board: Board) -> Shown:
    word = "Région" if board.scope.is_national else "Département"
    columns = _quota_columns(Column(word, lambda row: row.name))
    table = Table("territoires", f"Contingents par {word.lower()}", columns)
    return Shown(table, board.places, "Les plus utilisés d’abord.")


def items(board: Board) -> Shown:
    columns = _quota_columns(Column("Équipement", lambda row: row.name))
    return Shown(Table("equipements", "Contingents par équipement", columns), board.items)


def categories(board: Board) -> Shown:
    columns = _quota_columns(Column("Catégorie", lambda row: row.name))
    table = Table("categories", "Contingents par catégorie d’établissement", columns)
    return Shown(table, board.categories, "Les plus dotées d’abord.", is_folded=True)


def weeks(board: Board) -> Shown:
    columns = _quota_columns(Column("Semaine du", lambda row: row.name))
    table = Table("semaines", "Contingents par semaine", columns)
    return Shown(table, list(reversed(board.weeks)), is_folded=True)


def states(board: Board) -> Shown:
    columns = [
        Column("État", lambda row: row.label.capitalize()),
        _number(f"Semaine du {board.scope.week:%d/%m}", _of(StateRow, "now")),
        _number(f"Semaine du {board.scope.before:%d/%m}", _of(StateRow, "before")),
        _number("Douze semaines", _of(StateRow, "all_weeks")),
    ]
    table = Table("etats", "Commandes par état", columns)
    note = (
        "Par semaine d’envoi, tous équipements et catégories\u00a0; l’état est celui d’aujourd’hui."
    )
    return Shown(table, board.states, note)


def _of(kind: type, name: str) -> Callable[[Any], int]:
    return lambda row: getattr(row, name)


def delays(board: Board) -> Shown:
    columns = [
        Column("Région", lambda row: row.region),
        Column("Servie par", lambda row: row.operator),
        _number("Commandes livrées", lambda row: row.delays.count),
        _days("Délai médian (jours)", lambda row: row.delays.median),
        _days("90 % livrées en (jours)", lambda row: row.delays.p90),
    ]
    table = Table("delais", "De la commande à la livraison", columns)
    note = "Commandes des douze semaines livrées à ce jour, tous équipements et catégories."
    return Shown(table, board.delays, note)


def _days(header: str, value: Callable[[DelayRow], int | None]) -> Column:
    return Column(
        header,
        value,
        lambda row: days_text(value(row)),
        is_number=True,
        indicator="delai-livraison",
    )


def stocks(board: Board) -> Shown:
    """Quantities for the country; for an ARS, words."""
    if not board.scope.user.may(Action.STOCK_STATE):
        columns = [
            Column("Équipement", lambda row: row.name),
            Column("Stock de l’État", lambda row: row.stock.word.capitalize()),
        ]
        return Shown(Table("stock", "Stock de l’État", columns), board.stocks, WHOLE_COUNTRY)
    return Shown(Table("stock", STOCK_TITLE, stock_columns()), board.stocks, WHOLE_COUNTRY)


STOCK_TITLE = "Stock de l’État et dix semaines de pic"
WHOLE_COUNTRY = "De tout le pays, à l’instant, quelles que soient la semaine et la région."


def stock_columns() -> list[Column]:
    return [
        Column("Équipement", lambda row: row.name),
        _number("En stock (unités)", lambda row: row.stock.held),
        _number("Dont réservé", lambda row: row.stock.reserved),
        _number("Pic par semaine", _peak),
        _number("Dix semaines de pic", lambda row: row.stock.target),
        Column(
            "Semaines de pic",
            _weeks,
            lambda row: row.stock.weeks_text,
            is_number=True,
            indicator="semaines-de-pic",
        ),
        Column(
            "Part des dix semaines (%)", _share, lambda row: row.stock.share_text, is_number=True
        ),
    ]


def _peak(row: StockRow) -> int | None:
    return row.stock.peak_weekly


def _weeks(row: StockRow) -> Decimal | None:
    return row.stock.weeks


def _share(row: StockRow) -> int | None:
    return row.stock.share


TABLES: dict[str, Callable[[Board], Shown]] = {
    "territoires": places,
    "equipements": items,
    "categories": categories,
    "semaines": weeks,
    "etats": states,
    "delais": delays,
    "stock": stocks,
}
