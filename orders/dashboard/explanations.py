"""The key figures of a dashboard, each compared, each with how it was computed."""

from common.numbers import format_integer
from epi_stocks.dashboard.explanations import KeyFigure, Part
from epi_stocks.dashboard.figures import plural
from establishments.perimeter import Action
from orders.dashboard.board import Board
from orders.dashboard.figures import LA_POSTE_PALLETS, TARGET_WEEKS, days_text
from orders.models import ReliefRequest

State = ReliefRequest.State


def key_figures(board: Board) -> list[KeyFigure]:
    """Those of the warehouse are for who reads the State stock."""
    found = [_used(board), _unserved(board), _pool(board), _under_way(board), _delay(board)]
    if board.scope.user.may(Action.STOCK_STATE):
        found += [_lowest_stock(board), pallets_figure(board)]
    return found


def _used(board: Board) -> KeyFigure:
    now, before = board.now, board.before
    return KeyFigure(
        ident="utilise",
        indicator="contingent-utilise",
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
    now = board.now
    refused, refused_units = board.relief.get(State.REFUSED, (0, 0))
    return KeyFigure(
        ident="non-servi",
        indicator="besoin-non-couvert",
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
                f"{plural(board.waiting_relief, 'demande')} à traiter par l’ARS, "
                f"{plural(refused, 'refusée', 'refusées')} en douze semaines "
                f"({format_integer(refused_units)} unités).",
            ),
        ],
    )


def _pool(board: Board) -> KeyFigure:
    pool = board.pool
    word = "Pots communs" if board.scope.is_national else "Pot commun"
    return KeyFigure(
        ident="pot-commun",
        indicator="pot-commun",
        label=f"{word}\u00a0: utilisé",
        value=pool.share_text,
        detail="",
        compared=f"Reste {format_integer(pool.left)} unités sur {format_integer(pool.granted)}",
        formula=f"{format_integer(pool.used)} unités commandées par les ARS ÷ "
        f"{format_integer(pool.granted)} du pot commun = {pool.share_text}",
        parts=[
            Part(
                "Retenus",
                "Les pots communs de la semaine, tels qu’ils sont à l’instant. Une commande "
                "annulée rend ses unités. La catégorie choisie n’y change rien\u00a0: un "
                "pot commun sert tous les établissements de la région.",
            ),
        ],
    )


def _lowest_stock(board: Board) -> KeyFigure:
    """The item that would last the least: the others are in the table."""
    known = [(one.stock.weeks, one) for one in board.stocks if one.stock.weeks is not None]
    lowest = min(known, key=lambda pair: pair[0])[1] if known else None
    short = sum(one.stock.is_short for _, one in known)
    return KeyFigure(
        ident="stock",
        indicator="semaines-de-pic",
        label="Stock de l’État, en semaines de pic",
        value=lowest.stock.weeks_text if lowest else "–",
        detail=f"sur {TARGET_WEEKS}" if lowest else "",
        compared=f"{lowest.name}, le plus bas" if lowest else "Aucune consommation déclarée",
        formula="(disponible + réservé) ÷ (7 × plus forte consommation quotidienne du pays)",
        parts=[
            Part(
                "Retenus",
                f"{plural(len(known), 'équipement')} dont la consommation est connue, dont "
                f"{format_integer(short)} sous dix semaines de pic. Le tableau du stock les donne "
                "tous.",
            ),
        ],
    )


def _under_way(board: Board) -> KeyFigure:
    sent, before = board.sent_in(board.scope.week), board.sent_in(board.scope.before)
    return KeyFigure(
        ident="en-cours",
        indicator="commandes-en-cours",
        label="Commandes en cours",
        value=format_integer(board.under_way),
        detail="",
        compared=f"{format_integer(sent)} transmises la semaine du {board.scope.week:%d/%m}, "
        f"{format_integer(before)} celle d’avant",
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
        indicator="delai-livraison",
        label="De la commande à la livraison",
        value=days_text(delay.median),
        detail="médiane",
        compared=f"90\u00a0% livrées en {days_text(delay.p90)}",
        formula="Jour où la dernière expédition est livrée − jour de transmission",
        parts=[
            Part(
                "Retenues",
                f"{plural(delay.count, 'commande livrée', 'commandes livrées')} parmi celles des "
                "douze dernières semaines, tous équipements et catégories. La médiane est le délai "
                "en lequel la moitié est arrivée\u00a0; une commande pas encore livrée n’y compte "
                "pas. Sans compte rendu de livraison, c’est le jour de la réception.",
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
        indicator="palettes",
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
