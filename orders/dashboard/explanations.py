"""The key figures of a dashboard, each compared, each with how it was computed."""

from common.numbers import format_integer
from epi_stocks.dashboard.explanations import KeyFigure, Part
from epi_stocks.dashboard.figures import plural
from establishments.perimeter import Action
from orders.dashboard.board import Board
from orders.dashboard.figures import LA_POSTE_PALLETS, days_text
from orders.models import ReliefRequest

State = ReliefRequest.State


def key_figures(board: Board) -> list[KeyFigure]:
    """Those of the warehouse are for who reads the State stock."""
    found = [_used(board), _unserved(board), _under_way(board), _delay(board)]
    if board.scope.user.may(Action.STOCK_STATE):
        found.append(pallets_figure(board))
    return found


def _used(board: Board) -> KeyFigure:
    now, before = board.now, board.before
    return KeyFigure(
        ident="utilise",
        label="Contingents utilisés",
        value=now.share_text,
        detail=f"{format_integer(now.used)} unités",
        compared=f"Semaine du {board.scope.before:%d/%m}\u00a0: {before.share_text}",
        formula=f"{format_integer(now.used)} unités commandées ÷ {format_integer(now.granted)} "
        f"autorisées = {now.share_text}",
        parts=[
            Part(
                "Définition",
                "Somme des unités commandées sur les contingents de la semaine ÷ somme des unités "
                "autorisées, contingents exceptionnels compris. Une commande annulée rend ses "
                "unités. Les pots communs régionaux ne comptent pas.",
            ),
            Part(
                "Contingents",
                f"{plural(now.beneficiaries, 'contingent')} (un par établissement et par "
                f"équipement), dont {format_integer(now.exhausted)} avec moins d’un colis restant.",
            ),
        ],
    )


def _unserved(board: Board) -> KeyFigure:
    now, relief = board.now, board.relief
    waiting, _ = relief.get(State.OPEN, (0, 0))
    refused, refused_units = relief.get(State.REFUSED, (0, 0))
    return KeyFigure(
        ident="non-servi",
        label="Besoins non couverts",
        value=now.unserved_share_text,
        detail=f"{format_integer(now.unserved)} unités",
        compared=f"Semaine du {board.scope.before:%d/%m}\u00a0: {board.before.unserved_share_text}",
        formula=f"{format_integer(now.unserved)} unités non autorisées ÷ "
        f"{format_integer(now.need)} de besoin = {now.unserved_share_text}",
        parts=[
            Part(
                "Définition",
                "Le besoin est celui que le contingentement a calculé pour chaque établissement, "
                "selon la doctrine. Ce que son contingent ne couvre pas est additionné, "
                "établissement par établissement.",
            ),
            Part(
                "Dépannages",
                f"{plural(waiting, 'demande')} en attente de l’ARS, "
                f"{plural(refused, 'refusée', 'refusées')} en douze semaines "
                f"({format_integer(refused_units)} unités).",
            ),
        ],
    )


def _under_way(board: Board) -> KeyFigure:
    sent, before = board.sent_in(board.scope.week), board.sent_in(board.scope.before)
    return KeyFigure(
        ident="en-cours",
        label="Commandes en cours",
        value=format_integer(board.under_way),
        detail="",
        compared=f"{format_integer(sent)} transmises cette semaine, {format_integer(before)} celle "
        "d’avant",
        formula="Commandes transmises, confirmées, en préparation ou expédiées, pas encore livrées",
        parts=[
            Part(
                "Retenues",
                "Commandes des douze dernières semaines sur le stock de l’État\u00a0: contingents, "
                "pots communs, dotations poussées. Tous équipements et catégories\u00a0: une "
                "commande en mêle plusieurs.",
            ),
        ],
    )


def _delay(board: Board) -> KeyFigure:
    delay = board.whole_delay
    return KeyFigure(
        ident="delai",
        label="De la commande à la livraison",
        value=days_text(delay.median),
        detail="médiane",
        compared=f"90\u00a0% livrées en {days_text(delay.p90)}",
        formula="Date de la dernière expédition livrée − date de transmission, en jours",
        parts=[
            Part(
                "Retenues",
                f"{plural(delay.count, 'commande livrée', 'commandes livrées')} parmi celles des "
                "douze dernières semaines. La médiane est le délai en lequel la moitié est "
                "arrivée\u00a0; une commande pas encore livrée n’y compte pas.",
            ),
        ],
    )


def pallets_figure(board: Board) -> KeyFigure:
    pallets = board.pallets
    unknown = (
        f" {plural(pallets.unknown, 'produit')} en stock sans nombre d’unités par palette n’y "
        "est pas compté."
        if pallets.unknown
        else ""
    )
    return KeyFigure(
        ident="palettes",
        label="Palettes à l’entrepôt de La Poste",
        value=pallets.text,
        detail=f"sur {format_integer(LA_POSTE_PALLETS)}",
        compared=f"{pallets.share_text} de l’entrepôt",
        formula="Somme, produit par produit, de (disponible + réservé) ÷ unités par palette, "
        "arrondi à la palette supérieure",
        parts=[
            Part(
                "Retenus",
                f"{plural(pallets.products, 'produit')} du stock de l’État, dernier état de stock "
                f"reçu.{unknown}",
            ),
        ],
    )
