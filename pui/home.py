"""What e-Dispostock brings to the home page: the stocks due, late first; the region's rate."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.addresses import fixed_address
from common.home import Card, Figure, Kind, LowStock, MenuItem
from establishments.perimeter import Action
from establishments.redistribution.cards import aid_cards
from medications.menu import EVERY_ACTION
from medications.models import MonitoredList
from pui.aid.trade import MEDICINES
from pui.dues import Due, DueState, dues_of
from pui.low import low_medicines
from pui.models import Pui
from pui.onboarding.cards import onboarding_cards
from pui.overview import late_cards, rate_figures
from pui.rights import WRITE
from pui.sharing.cards import cards as sharing_cards
from pui.sheet import missing_text
from pui.tension import tension_figures
from pui.without import entity_without_site, sites_without

ORDER = 20
LABEL, PREFIX = "e-Dispostock", "/dispostock/"
NO_BREAK = "\u00a0"
CONSEQUENCE = "Une PUI qui ne déclare pas ne peut pas être servie sur le stock de l’État."
MOST_PUIS = 30  # of one person; beyond, the page of e-Dispostock is a territory's
OTHERS = MonitoredList.Slug.OTHERS


def menu(user: User) -> list[MenuItem]:
    if not any(map(user.may, EVERY_ACTION)):
        return []
    return [MenuItem(LABEL, fixed_address("pui:home"), PREFIX, ORDER)]


def cards(user: User) -> list[Card]:
    """For a GF what each pharmacy has to declare; for an ARS those late; what is shared."""
    found = sharing_cards(user)
    if user.may(Action.MED_WRITE):
        found += gf_cards(user)
    elif user.may(Action.DASH_MED):
        found += late_cards(user) + onboarding_cards(user)
    else:
        return found
    return found + aid_cards(MEDICINES, user, ORDER + 2)


def gf_cards(user: User) -> list[Card]:
    puis = list(Pui.objects.for_user(user, to=Action.MED_WRITE).filter(closed_on=None)[:MOST_PUIS])
    if not puis:
        return first_cards(user)
    slugs = [slug for slug, action in WRITE.items() if user.may(action)]
    dues = dues_of(puis, slugs, timezone.localtime())
    found = [card for pui in puis for card in pui_cards([one for one in dues if one.pui == pui])]
    return found + [sheet_card(pui) for pui in puis if missing_text(pui)]


def first_cards(user: User) -> list[Card]:
    """No pharmacy yet: the step without which nothing can be declared [000]."""
    if not user.may(Action.PUI_WRITE) or entity_without_site(user):
        return []
    without = sites_without(user)
    if without and all(one.served_by for one in without):
        return []
    return [
        Card(
            kind=Kind.FIRST,
            title="Créez la PUI de votre établissement",
            detail="Sans PUI, aucun stock ne peut être transmis. Décrivez où et comment la livrer.",
            action_label="Créer la PUI",
            url=reverse("pui:choose_site"),
            order=ORDER,
        )
    ]


def pui_cards(dues: Sequence[Due]) -> list[Card]:
    """What is late, to do, done: one card of each for a pharmacy, whatever the number of lists.

    A list late for the due day just past is told once, not again for the one that comes.
    """
    late = {one.monitored_list.pk for one in dues if one.state is DueState.LATE}
    told = [
        one
        for one in dues
        if one.state is DueState.LATE
        or (one.monitored_list.pk not in late and one is last_of(dues, one))
    ]
    ranked = sorted(told, key=lambda one: list(DueState).index(one.state))
    return [
        due_card(state, list(found)) for state, found in groupby(ranked, key=lambda one: one.state)
    ]


def last_of(dues: Sequence[Due], due: Due) -> Due:
    """The due day that comes, of the same list."""
    same = [one for one in dues if one.monitored_list.pk == due.monitored_list.pk]
    return max(same, key=lambda one: one.period.due_on)


def due_card(state: DueState, dues: Sequence[Due]) -> Card:
    first = dues[0]
    labels = {
        DueState.LATE: "Transmettre",
        DueState.TO_FINISH: "Reprendre",
        DueState.TO_DO: "Transmettre",
        DueState.DONE: "Relire",
    }
    return Card(
        kind=Kind(state.value),
        title=due_title(state, dues),
        detail=due_detail(state, dues),
        due=due_text(state, first),
        action_label=labels[state],
        url=transmission_address(first),
        order=ORDER,
    )


def due_title(state: DueState, dues: Sequence[Due]) -> str:
    if len(dues) == 1:
        return f"Stock {list_name(dues[0])}, {dues[0].pui}"
    verb = "transmis" if state is DueState.DONE else "à transmettre"
    return f"{len(dues)} stocks {verb}, {dues[0].pui}"


def list_name(due: Due) -> str:
    """« des autres médicaments », « du vaccin grippe »."""
    name = str(due.monitored_list)
    plural = due.monitored_list.pk in (OTHERS, MonitoredList.Slug.DEVICES)
    return f"{'des' if plural else 'du'} {name}"


def due_detail(state: DueState, dues: Sequence[Due]) -> str:
    several = ", ".join(str(one.monitored_list) for one in dues) if len(dues) > 1 else ""
    match state:
        case DueState.LATE:
            said = CONSEQUENCE
        case DueState.TO_FINISH:
            said = "Saisie commencée, pas encore transmise."
        case DueState.DONE:
            said = done_text(dues[0])
        case _:
            said = ""
    names = f"{several[0].upper()}{several[1:]}." if several else ""
    return " ".join(filter(None, (names, said)))


def done_text(due: Due) -> str:
    sent = due.transmission
    if sent is None or sent.confirmed_at is None:
        return ""
    who = f" par {sent.received_by}" if sent.received_by else ""
    return f"Transmis le {moment(sent.confirmed_at)}{who}."


def moment(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local:%d/%m} à {local.hour}{NO_BREAK}h{NO_BREAK}{local:%M}"


def due_text(state: DueState, due: Due) -> str:
    if state is DueState.DONE:
        return ""
    at = timezone.localtime(due.period.due_at)
    if state is DueState.LATE:
        days = (timezone.localdate() - due.period.due_on).days
        late = f", {days}{NO_BREAK}jour{'s' if days > 1 else ''} de retard" if days else ""
        return f"Attendu le {at:%d/%m}{late}"
    minutes = f"{NO_BREAK}{at:%M}" if at.minute else ""
    return f"Avant le {at:%d/%m}, {at.hour}{NO_BREAK}h{minutes}"


def transmission_address(due: Due) -> str:
    address = reverse("pui:transmission", kwargs={"slug": due.monitored_list.pk})
    return f"{address}?pui={due.pui.pk}"


def sheet_card(pui: Pui) -> Card:
    return Card(
        kind=Kind.TO_FINISH,
        title=f"Fiche de livraison, {pui}",
        detail=f"Il manque {missing_text(pui)}\u00a0: un fournisseur ne saurait pas vous livrer.",
        action_label="Compléter",
        url=reverse("pui:edit", args=[pui.pk]),
        order=ORDER + 1,
    )


def figures(user: User) -> list[Figure]:
    """Who declared, beside the due day before at the same hour; the DCIs in tension."""
    return [*rate_figures(user), *tension_figures(user)]


def low_stocks(user: User) -> list[LowStock]:
    return low_medicines(user)


def stock_links(user: User) -> list[tuple[str, str]]:
    """For who has a pharmacy: an administrator of care homes reads stocks, and may have none."""
    if not user.may(Action.MED_READ):
        return []
    has_one = Pui.objects.for_user(user, to=Action.MED_READ).filter(closed_on=None).exists()
    return [("Tous les stocks de vos PUI", reverse("pui:state"))] if has_one else []
