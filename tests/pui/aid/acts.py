"""The services of mutual aid, for medicines."""

from functools import partial

from establishments.redistribution import rights, sharing
from establishments.redistribution.cards import aid_cards as cards
from establishments.redistribution.rows import sentence_of as sentence
from establishments.redistribution.services import needs, steps, transfers
from establishments.redistribution.services.needs import AidError
from pui.aid.trade import MEDICINES

__all__ = [
    "AidError",
    "accept",
    "add_transfer",
    "aid_cards",
    "cancel",
    "candidates_for",
    "confirm",
    "confirm_need",
    "end_need",
    "open_need",
    "propose",
    "receive",
    "refuse",
    "sentence_of",
    "set_quantity",
    "ship",
    "visible_needs",
    "visible_transfers",
    "widen_need",
]

open_need = partial(needs.open_need, MEDICINES)
widen_need = partial(needs.widen_need, MEDICINES)
end_need = partial(needs.end_need, MEDICINES)
propose = partial(transfers.propose, MEDICINES)
add_transfer = partial(transfers.add_transfer, MEDICINES)
set_quantity = partial(transfers.set_quantity, MEDICINES)
confirm_need = partial(steps.confirm_need, MEDICINES)
confirm = partial(steps.confirm, MEDICINES)
accept = partial(steps.accept, MEDICINES)
ship = partial(steps.ship, MEDICINES)
receive = partial(steps.receive, MEDICINES)
refuse = partial(steps.refuse, MEDICINES)
cancel = partial(steps.cancel, MEDICINES)
visible_needs = partial(rights.visible_needs, MEDICINES)
visible_transfers = partial(rights.visible_transfers, MEDICINES)
candidates_for = partial(sharing.candidates_for, MEDICINES)
sentence_of = partial(sentence, MEDICINES)
aid_cards = partial(cards, MEDICINES, order=1)
