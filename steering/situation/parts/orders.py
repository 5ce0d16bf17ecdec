"""Orders from the State stock: what is allowed and ordered, as their dashboard says."""

from common.numbers import format_integer
from establishments.perimeter import Action
from orders.dashboard.board import Board, QuotaRow, read_board
from orders.dashboard.figures import QuotaFigures
from orders.dashboard.scope import Scope
from steering.situation.content import PLACES, Cell, Grid, Heading, Measure, Part, Row
from steering.situation.moment import Moment, time_text
from steering.situation.parts.words import text_of
from steering.situation.territory import Reader, Territory

KEY, TITLE = "orders", "Commandes et contingents"
STATE_STOCK = "Stock de l’État"


def board_of(reader: Reader, territory: Territory, moment: Moment) -> Board:
    return read_board(Scope(user=reader, week=moment.week, region=territory.region))


def orders_part(reader: Reader, territory: Territory, moment: Moment) -> Part:
    board = board_of(reader, territory, moment)
    return Part(
        KEY,
        TITLE,
        Action.DASH_ORD.value,
        time_text(board.refreshed_at),
        tuple(_measures(board, moment)),
        (_items(board, moment), _places(board, territory)),
    )


def _measures(board: Board, moment: Moment) -> list[Measure]:
    """The orders under way have no past."""
    return [*_of_the_week(board), *([_under_way(board)] if moment.is_live else [])]


def _under_way(board: Board) -> Measure:
    return Measure(
        "orders.under_way",
        "Commandes en cours",
        format_integer(board.under_way),
        str(board.under_way),
        "commandes",
        note="Des douze dernières semaines",
    )


def _of_the_week(board: Board) -> list[Measure]:
    now, pool = board.now, board.pool
    sent = board.sent_in(board.scope.week)
    return [
        Measure(
            "orders.used",
            "Contingents utilisés",
            now.share_text,
            text_of(now.share),
            "%",
            _of_granted(now),
            f"Semaine d’avant\u00a0: {board.before.share_text}",
            is_headline=True,
        ),
        Measure(
            "orders.pool",
            "Pots communs régionaux" if board.scope.is_national else "Pot commun régional",
            f"reste {format_integer(pool.left)}",
            str(pool.left),
            "unités",
            f"sur {format_integer(pool.granted)}",
        ),
        Measure(
            "orders.sent",
            "Commandes de la semaine",
            format_integer(sent),
            str(sent),
            "commandes",
            note=f"Semaine d’avant\u00a0: {format_integer(board.sent_in(board.scope.before))}",
        ),
    ]


def _of_granted(figures: QuotaFigures) -> str:
    return f"{format_integer(figures.used)} sur {format_integer(figures.granted)} unités"


def _items(board: Board, moment: Moment) -> Grid:
    """The items that have a quota this week or had one the week before."""
    stocks = {one.name: one.stock for one in board.stocks} if moment.is_live else {}
    reads_units = board.scope.user.may(Action.STOCK_STATE)
    stock = Heading(STATE_STOCK, "semaines de pic" if reads_units else "", reads_units)
    rows = []
    for one in board.items:
        held = stocks.get(one.name)
        told = Cell("–")
        if held:
            told = Cell(held.weeks_text, text_of(held.weeks)) if reads_units else Cell(held.word)
        rows.append(Row(one.code, one.name, (*_quota_cells(one), told)))
    return Grid(
        "quotas",
        "Contingents par équipement",
        "Équipement",
        (*QUOTA_HEADINGS, stock),
        tuple(rows),
    )


QUOTA_HEADINGS = (
    Heading("Autorisé", "unités", is_number=True),
    Heading("Commandé", "unités", is_number=True),
    Heading("Utilisé", "%", is_number=True),
    Heading("Semaine d’avant", "%", is_number=True, is_for_files=True),
)


def _quota_cells(row: QuotaRow) -> tuple[Cell, ...]:
    now, before = row.now, row.before
    return (
        Cell(format_integer(now.granted), str(now.granted)),
        Cell(format_integer(now.used), str(now.used)),
        Cell(
            now.share_text,
            text_of(now.share),
            detail=f"semaine d’avant\u00a0: {before.share_text}",
        ),
        Cell(before.share_text, text_of(before.share)),
    )


def _places(board: Board, territory: Territory) -> Grid:
    return Grid(
        PLACES,
        TITLE,
        territory.places_word,
        (Heading("Contingents utilisés", "%", is_number=True),),
        tuple(
            Row(
                one.code,
                one.name,
                (Cell(one.now.share_text, text_of(one.now.share), detail=_used(one.now)),),
            )
            for one in board.places
        ),
    )


def _used(figures: QuotaFigures) -> str:
    return f"{format_integer(figures.used)} / {format_integer(figures.granted)}"
