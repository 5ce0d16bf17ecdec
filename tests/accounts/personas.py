"""Everybody of the access matrix, and how far each reaches: read from it, not from the code."""

from accounts.grants import GRANTS, ROLE_CODES, SEVERAL_DOMAINS, SITE
from establishments.models import AdministrativeBody
from establishments.perimeter import Action

Kind = AdministrativeBody.Kind
# a role and where it is held: on a site, on its entity, or on the only body of its kind
PERSONAS = list(
    dict.fromkeys(
        (code, domain, kind, level)
        for (domain, role, kind), code in ROLE_CODES.items()
        if (code, kind) != ("OCE", Kind.ARS)
        for level in (("site", "entity") if kind == SITE else ("",))
    )
)
# which places each letter reaches: from a profile on a site, then on its entity
REACH = {
    "N": {"own", "sister", "region", "elsewhere"},
    "R": {"own", "sister", "region"},
    "D": {"own", "sister"},
    "J": {"own", "sister"},
    "P": {"site": {"own"}, "entity": {"own", "sister"}},
    "C": {"site": {"own"}, "entity": {"own", "sister"}},
}

# letter F: what is routed to an operator or to a pivot hospital, for the rows that know it
ROUTED = {
    Action.VAC_READ, Action.VAC_DELIV, Action.VAC_WAVE, Action.VAC_STOCK_READ, Action.ORD_READ,
    Action.STOCK_STATE, Action.IF_GET, Action.IF_PUT, Action.INV_READ, Action.INV_ISSUE,
    Action.CAT_WRITE, Action.CLAIM_ANSWER, Action.TICKET_ANSWER,
}  # fmt: skip


def letters_of(actions, code, domain):
    """The oracle: straight from the matrix, without asking the code under test."""
    for action in actions:
        cells = GRANTS[action]
        if cells.letters.get("USR") == "N":
            yield "N"
        elif not is_elsewhere(code, cells.domain, domain):
            yield cells.letters.get(code, "")


def is_elsewhere(code, asked, domain):
    """A role of several domains acts in that of its habilitation; SPF administers in each."""
    if code not in SEVERAL_DOMAINS or asked in (None, domain):
        return False
    return any(one[:2] == (code, asked) for one in PERSONAS)


def reached(actions, code, domain, level):
    found = set()
    for letter in letters_of(actions, code, domain):
        places = REACH.get(letter, set())
        found |= places[level or "entity"] if isinstance(places, dict) else places
    return found
