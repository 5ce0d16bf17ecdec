"""Who may do what: the access matrix, and the perimeter that a profile's rights give.

The cells are those of the reference matrix, kept apart as test data: a test compares the two. A
letter tells how far a role reaches: O one's own account; P the sites of the profile's entity; J
every site of its legal entity, also from a profile on one site (the EPI inventory alone [002]);
C the ordering entity; D department; R region; A totals only; N the country; F what is routed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from accounts.conditions import profile_counts, profile_is_usable, right_is_in_force
from accounts.models.habilitation import Domain, Habilitation, Role
from establishments.models import AdministrativeBody
from establishments.perimeter import Action, Perimeter, union

if TYPE_CHECKING:
    from accounts.models.profile import Profile

Kind = AdministrativeBody.Kind
SITE = "site"  # an establishment or a legal entity

# (domain or None for any, role, kind of entity) → code of the matrix
ROLE_CODES = {
    (Domain.DISPOSTOCK, Role.DECLARANT, SITE): "GF",
    (Domain.EPI_STOCK, Role.INVENTORY_OPERATOR, SITE): "OIE",
    (Domain.DISTRILOG, Role.ORDER_OPERATOR, SITE): "OCE",
    (Domain.DISTRILOG, Role.ORDER_OPERATOR, Kind.ARS): "OCE",
    (Domain.ADMINISTRATION, Role.ADMINISTRATOR, SITE): "APE",
    (Domain.ADMINISTRATION, Role.DELEGATED_ADMINISTRATOR, SITE): "APE",
    (Domain.ADMINISTRATION, Role.ADMINISTRATOR, Kind.ARS): "ARA",
    (Domain.DISPOSTOCK, Role.READER, Kind.ARS): "ARL",
    (Domain.EPI_STOCK, Role.READER, Kind.ARS): "ARL",
    (Domain.DISTRILOG, Role.READER, Kind.ARS): "ARL",
    (Domain.DISPOSTOCK, Role.SUPERVISOR, Kind.OMEDIT): "OMD",
    (Domain.EPI_STOCK, Role.READER, Kind.DEPARTMENT_COUNCIL): "DEP",
    **{(domain, Role.NATIONAL_CELL, Kind.NATIONAL): "NAT" for domain in Domain},
    **{(domain, Role.READER, Kind.NATIONAL): "NAL" for domain in Domain},
    (Domain.DISTRILOG, Role.LOGISTICS, Kind.SPF): "SPF",
    (Domain.DISPOSTOCK, Role.LOGISTICS, Kind.SPF): "SPF",
    (Domain.DISTRILOG, Role.LOGISTICS, Kind.LA_POSTE): "LPO",
    (Domain.DISTRILOG, Role.SUPPLIER, Kind.CONSORTIUM): "CSM",
    (Domain.ADMINISTRATION, Role.SUPPORT, Kind.NATIONAL): "SUP",
    (Domain.ADMINISTRATION, Role.OPERATIONS, Kind.NATIONAL): "TEC",
    (Domain.ADMINISTRATION, Role.AUDITOR, Kind.NATIONAL): "AUD",
}
SEVERAL_DOMAINS = frozenset({"ARL", "NAT", "NAL", "SPF"})
CODES_IN = frozenset((domain, code) for (domain, _, _), code in ROLE_CODES.items())
CODES = tuple(dict.fromkeys(ROLE_CODES.values()))


@dataclass(frozen=True, slots=True)
class Cells:
    """A line of the matrix: for each role the scope letter, and the domain it is about."""

    domain: Domain | None
    letters: dict[str, str] = field(default_factory=dict)

    def letter(self, code: str, domain: str) -> str:
        """How far ``code`` reaches through a habilitation of ``domain``; empty: not at all.

        A role that does not exist in the domain of the action has it through those of its own.
        """
        is_elsewhere = code in SEVERAL_DOMAINS and self.domain not in (None, domain)
        if is_elsewhere and (self.domain, code) in CODES_IN:
            return ""
        return self.letters.get(code, "")


def _cells(domain: Domain | None, **letters: str) -> Cells:
    return Cells(domain, letters)


def _everyone(letter: str, *, anonymous: bool = False) -> Cells:
    codes = ("USR", *CODES, *(("ANO",) if anonymous else ()))
    return Cells(None, dict.fromkeys(codes, letter))


GRANTS = {
    Action.ACC_SELF: _everyone("O"),
    Action.ACC_READ: _cells(Domain.ADMINISTRATION, APE="P", ARA="R", NAT="N", SUP="N"),
    Action.PROF_REQUEST: _everyone("O"),
    Action.PROF_DECIDE_ETAB: _cells(Domain.ADMINISTRATION, APE="P", ARA="R"),
    Action.PROF_DECIDE_APE: _cells(Domain.ADMINISTRATION, ARA="R"),
    Action.PROF_DECIDE_REG: _cells(Domain.ADMINISTRATION, NAT="N"),
    Action.ACC_INVITE: _cells(Domain.ADMINISTRATION, APE="P", ARA="R", NAT="N"),
    Action.ACC_UNLOCK: _cells(Domain.ADMINISTRATION, APE="P", ARA="R", SUP="N"),
    Action.ACC_IMPERSONATE: _cells(Domain.ADMINISTRATION),
    Action.ACC_EXPORT: _cells(Domain.ADMINISTRATION, ARA="R"),
    Action.REF_READ: _everyone("N"),
    Action.REF_WRITE: _cells(None, NAT="N"),
    Action.PUI_READ: _cells(
        Domain.DISPOSTOCK, GF="P", APE="P", ARL="R", ARA="R", OMD="R", NAT="N", NAL="N", SPF="F"
    ),
    Action.PUI_WRITE: _cells(Domain.DISPOSTOCK, GF="P", ARA="R"),
    Action.MED_WRITE: _cells(Domain.DISPOSTOCK, GF="P"),
    Action.MED_READ: _cells(
        Domain.DISPOSTOCK, GF="P", APE="P", ARL="R", ARA="R", OMD="R", NAT="N", NAL="N"
    ),
    Action.MED_REOPEN: _cells(Domain.DISPOSTOCK, ARA="R", NAT="N"),
    Action.VAC_READ: _cells(
        Domain.DISPOSTOCK, GF="P", APE="P", ARL="R", ARA="R", OMD="R", NAT="N", NAL="N", SPF="F"
    ),
    Action.VAC_LINE: _cells(Domain.DISPOSTOCK, ARA="R", OMD="R", NAT="N"),
    Action.VAC_NEED: _cells(Domain.DISPOSTOCK, GF="P"),
    Action.VAC_DELIV: _cells(Domain.DISPOSTOCK, GF="F", SPF="F"),
    Action.VAC_RECEP: _cells(Domain.DISPOSTOCK, GF="P"),
    Action.FLU_WRITE: _cells(Domain.DISPOSTOCK, GF="P"),
    Action.FLU_READ: _cells(
        Domain.DISPOSTOCK, GF="P", APE="P", ARL="R", ARA="R", OMD="R", NAT="N", NAL="N"
    ),
    Action.EPI_READ: _cells(
        Domain.EPI_STOCK, OIE="J", APE="P", ARL="R", ARA="R", DEP="D", NAT="N", NAL="N"
    ),
    Action.EPI_WRITE: _cells(Domain.EPI_STOCK, OIE="J"),
    Action.EPI_WRITE_CLOSED: _cells(Domain.EPI_STOCK),
    Action.EPI_REOPEN: _cells(Domain.EPI_STOCK, ARA="R", NAT="N"),
    Action.DASH_EPI: _cells(Domain.EPI_STOCK, ARL="R", ARA="R", DEP="D", NAT="N", NAL="N"),
    Action.DASH_MED: _cells(Domain.DISPOSTOCK, ARL="R", ARA="R", OMD="R", NAT="N", NAL="N"),
    Action.DASH_ORD: _cells(Domain.DISTRILOG, ARL="R", ARA="R", NAT="N", NAL="N"),
    Action.ORD_QUOTA_READ: _cells(
        Domain.DISTRILOG, OCE="C", APE="P", ARL="R", ARA="R", NAT="N", NAL="N"
    ),
    Action.ORD_WRITE: _cells(Domain.DISTRILOG, OCE="C", ARA="R"),
    Action.ORD_READ: _cells(
        Domain.DISTRILOG, OCE="C", APE="P", ARL="R", ARA="R", NAT="N", NAL="N", SPF="F", LPO="F"
    ),
    Action.ADDR_PROPOSE: _cells(Domain.DISTRILOG, OCE="C", ARA="R"),
    Action.ADDR_VALIDATE: _cells(Domain.DISTRILOG, APE="P", ARA="R"),
    Action.ORD_RECEP: _cells(Domain.DISTRILOG, OCE="C", ARA="R"),
    Action.QUOTA_WRITE: _cells(Domain.DISTRILOG, NAT="N"),
    Action.STOCK_STATE: _cells(
        Domain.DISTRILOG, ARL="A", ARA="A", NAT="N", NAL="N", SPF="F", LPO="F", CSM="F"
    ),
    Action.IF_GET: _cells(Domain.DISTRILOG, SPF="F", LPO="F", CSM="F"),
    Action.IF_PUT: _cells(Domain.DISTRILOG, SPF="F", LPO="F", CSM="F"),
    Action.IF_META: _cells(Domain.DISTRILOG, NAT="N", TEC="N"),
    Action.IF_REPLAY: _cells(Domain.DISTRILOG, TEC="N"),
    Action.INV_READ: _cells(Domain.DISTRILOG, OCE="C", APE="P", NAT="N", CSM="F"),
    Action.JRN_READ: _cells(Domain.ADMINISTRATION, APE="P", ARA="R", AUD="N"),
    Action.JRN_WRITE: _cells(Domain.ADMINISTRATION),
    Action.SYS_CONF: _cells(Domain.ADMINISTRATION, TEC="N"),
    Action.VAC_STOCK_WRITE: _cells(Domain.DISPOSTOCK, GF="P"),
    Action.VAC_STOCK_READ: _cells(
        Domain.DISPOSTOCK, GF="P", APE="P", ARL="R", ARA="R", OMD="R", NAT="N", NAL="N", SPF="F"
    ),
    Action.VAC_WAVE: _cells(Domain.DISPOSTOCK, NAT="N", SPF="F"),
    Action.VAC_REPORT: _cells(Domain.DISPOSTOCK, GF="P"),
    Action.MED_ALLOCATE: _cells(Domain.DISPOSTOCK, ARA="R", NAT="N"),
    Action.MED_ALLOCATE_RECEIVE: _cells(Domain.DISPOSTOCK, GF="P"),
    Action.ONB_READ: _cells(Domain.DISPOSTOCK, ARL="R", ARA="R", NAT="N", NAL="N"),
    Action.ONB_WRITE: _cells(Domain.DISPOSTOCK, ARA="R", NAT="N"),
    Action.REMIND_SEND: _cells(None, ARA="R", NAT="N"),
    Action.AID_ASK: _cells(None, GF="P", OIE="P", OCE="C", ARA="R"),
    Action.AID_PROPOSE: _cells(None, ARA="R", NAT="N"),
    Action.AID_ACCEPT: _cells(None, GF="P", OIE="P"),
    Action.CAP_PROPOSE: _cells(Domain.DISTRILOG, OCE="C", APE="P"),
    Action.CAP_VALIDATE: _cells(Domain.DISTRILOG, ARA="R", NAT="N"),
    Action.CAT_WRITE: _cells(Domain.DISTRILOG, NAT="N", CSM="F"),
    Action.INV_ISSUE: _cells(Domain.DISTRILOG, CSM="F"),
    Action.CLAIM_OPEN: _cells(Domain.DISTRILOG, OCE="C", ARA="R"),
    Action.CLAIM_ANSWER: _cells(Domain.DISTRILOG, NAT="N", SPF="F", LPO="F", CSM="F"),
    Action.ROUTE_WRITE: _cells(Domain.DISTRILOG, NAT="N"),
    Action.MSG_SEND: _cells(None, ARA="R", NAT="N"),
    Action.MSG_READ: _everyone("O"),
    Action.ALERT_RULE: _cells(None, NAT="N"),
    Action.ALERT_ACK: _cells(None, ARL="R", ARA="R", NAT="N"),
    Action.FORUM_POST: _everyone("N"),
    Action.FORUM_MODERATE: _cells(None, SUP="N"),
    Action.TICKET_OPEN: _everyone("O", anonymous=True),
    Action.TICKET_ANSWER: _cells(None, ARA="R", SPF="F", SUP="N"),
    Action.HELP_WRITE: _cells(None, NAT="N", SUP="N"),
    Action.EPI_CODE: _cells(Domain.EPI_STOCK, ARA="R", NAT="N"),
    Action.EPI_SETTINGS: _cells(Domain.EPI_STOCK, NAT="N"),
    Action.MED_SETTINGS: _cells(Domain.DISPOSTOCK, NAT="N"),
    Action.PROF_DELEGATE: _cells(Domain.ADMINISTRATION, APE="P", ARA="R"),
    Action.API_TOKEN: _cells(Domain.ADMINISTRATION, APE="P", SPF="F", LPO="F", CSM="F", TEC="N"),
    Action.OIDC_CLIENT: _cells(Domain.ADMINISTRATION, TEC="N"),
}


# the actions of letter F whose rows know who they are routed to
ROUTED = frozenset(
    {
        Action.VAC_READ, Action.VAC_DELIV, Action.VAC_WAVE, Action.VAC_STOCK_READ,
        Action.ORD_READ, Action.STOCK_STATE, Action.IF_GET, Action.IF_PUT, Action.INV_READ,
        Action.INV_ISSUE, Action.CAT_WRITE, Action.CLAIM_ANSWER, Action.TICKET_ANSWER,
    }
)  # fmt: skip


def kind_of(profile: "Profile") -> str:
    """The kind of entity of a profile: that of its administration, or ``SITE``."""
    return profile.body.kind if profile.body else SITE


def code_of(right: Habilitation, profile: "Profile") -> str:
    """Code of the matrix that a habilitation stands for on that profile's entity; empty: none."""
    return ROLE_CODES.get((right.domain, right.role, kind_of(profile)), "")


def letter_of(right: Habilitation, profile: "Profile", action: Action) -> str:
    """How far one habilitation reaches for ``action``, were it in force; empty: not at all."""
    return GRANTS[action].letter(code_of(right, profile), right.domain)


def letters_held(profile: "Profile", action: Action, today: date) -> set[str]:
    """Scope letters that the rights of one profile give for ``action`` that day."""
    held = {
        letter_of(right, profile, action)
        for right in profile.rights
        if right_is_in_force(right, today)
    }
    return held - {""}


def perimeter_held(
    in_use: "Profile | None", profiles: Iterable["Profile"], action: Action, today: date
) -> Perimeter:
    """Where one may do ``action`` today: by the profile in use; for the letter J, by all of them.

    Only the EPI inventory adds up the profiles [002]; everywhere else the chosen one decides.
    """
    if GRANTS[action].letters.get("USR") == "N":
        return Perimeter(is_national=True)
    found = [
        reach(profile, letter)
        for profile in profiles
        if profile_is_usable(profile)
        for letter in letters_held(profile, action, today)
        if profile_counts(profile, in_use, letter) and (letter != "F" or action in ROUTED)
    ]
    return union(found)


def reach(profile: "Profile", letter: str) -> Perimeter:
    """The places that a scope letter covers from a profile. O and A cover no establishment.

    F covers what is routed to an operator, or to the pharmacy of a pivot hospital; C, from an ARS,
    what is of its own pool.
    """
    match letter:
        case "N":
            return Perimeter(is_national=True)
        case "R":
            return Perimeter(region_codes=frozenset({profile.body.region_id}))
        case "D":
            return Perimeter(department_codes=frozenset({profile.body.department_id}))
        case "J":
            return Perimeter(legal_entity_ids=frozenset({profile.legal_entity_in_reach_id}))
        case "P" | "C" | "F":
            return _reach_of_entity(profile, letter)
    return Perimeter()


def _reach_of_entity(profile: "Profile", letter: str) -> Perimeter:
    """What is of the profile's entity: administered (P), ordered under its number (C), routed."""
    own = frozenset({profile.legal_entity_id} - {None})
    if own and letter == "P":
        return Perimeter(legal_entity_ids=own, administered_entity_ids=own)
    if own:
        return Perimeter(legal_entity_ids=own)
    if profile.establishment_id:
        return Perimeter(establishment_ids=frozenset({profile.establishment_id}))
    if letter in "CF":
        return Perimeter(operator_ids=frozenset({profile.body_id}))
    return Perimeter()
