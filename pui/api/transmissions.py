"""`POST /api/v1/transmissions`, and the receipt of one."""

import re
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Header, Router, Status

from accounts.api import TokenAuth, too_many
from accounts.limits import FailureLimit, TooManyFailuresError
from accounts.models import ApiToken
from common.identifiers import IdentifierError, normalize_finess, normalize_ucd
from common.problems import problem
from common.tabular.cells import clean_text
from journal.services import record
from medications.models import MonitoredList
from pui.api.refusals import told_lines
from pui.api.shapes import (
    LineReceived,
    LineSent,
    PuiAsked,
    PuiShown,
    ReceiptShown,
    RemarkShown,
    Sending,
    shown_number,
)
from pui.models import Pui, Transmission
from pui.rights import Machine, write_action
from pui.services.at_once import transmit_at_once
from pui.services.storing import StoringError
from pui.transfer.confirming import WITH_ALL
from pui.transfer.differences import receipt_of
from pui.transfer.errors import KeyReusedError, LinesRefusedError
from pui.transfer.shapes import Line, RawLine, Remark

Scope = ApiToken.Scope
SENT = FailureLimit("pui_transmit", ((30, 60), (300, 3600)))
KEY = re.compile(r"[\x21-\x7e]{8,100}")
MOST_NAMED = 20
ABOUT_KEY = (
    "Identifiant que vous choisissez pour cet envoi, de 8 à 100 caractères\u00a0: le même envoi "
    "répété sous la même clé n’est enregistré qu’une fois."
)
BAD_KEY = "Idempotency-Key\u00a0: de 8 à 100 caractères ASCII, sans espace."

router = Router(tags=["Stocks des pharmacies"], auth=TokenAuth())


class PuiUnknownError(Exception):
    """None of that number in reach, or several: ``puis`` are those to choose from."""

    def __init__(self, puis: list[Pui]) -> None:
        self.puis = puis
        super().__init__(
            "Plusieurs PUI à ce numéro\u00a0: donnez le libellé ou l’id de la vôtre."
            if puis
            else "Aucune PUI ouverte de ce numéro n’est à la portée de ce jeton."
        )


@router.post(
    "/transmissions",
    response={200: ReceiptShown, 201: ReceiptShown},
    url_name="transmit",
    summary="Transmettre le stock d’une PUI",
)
def transmit(
    request: HttpRequest,
    sending: Sending,
    key: Annotated[str, Header(alias="Idempotency-Key", description=ABOUT_KEY)],
) -> HttpResponse | Status[Any]:
    """Déclarer toute une liste à une échéance, en une fois\u00a0: tout est enregistré, ou rien.

    Usage du jeton\u00a0: `pui.transmit`. Mêmes contrôles que pour un fichier. 201\u00a0:
    enregistré\u00a0; 200\u00a0: ce même envoi l’était déjà, voici son accusé de réception\u00a0;
    409\u00a0: la clé a servi à un autre envoi\u00a0; 422\u00a0: rien n’est enregistré, chaque
    ligne refusée est dite dans `lignes`. Un gros écart avec la dernière déclaration, ou une
    péremption dépassée, n’est accepté que si son code est dans `confirme`. 2\u202f000 lignes
    au plus, trente envois par minute et trois cents par heure\u00a0; au-delà, 429 et `Retry-After`.
    """
    machine = Machine(request.auth)  # type: ignore[attr-defined]
    if not machine.has(Scope.PUI_TRANSMIT):
        return not_allowed()
    if not KEY.fullmatch(key):
        return problem(422, "Demande mal formée", BAD_KEY)
    try:
        SENT.begin(f"token {machine.token.pk}")
        return sent(machine, sending, key)
    except TooManyFailuresError as limit:
        return too_many(limit)
    except (IdentifierError, PuiUnknownError) as error:
        return unknown(error)
    except LinesRefusedError as error:
        return refused(machine, sending, error)
    except StoringError as error:
        if isinstance(error, KeyReusedError):
            return problem(409, "Clé déjà servie", str(error))
        return problem(422, "Transmission impossible", str(error))


def not_allowed() -> HttpResponse:
    return problem(403, "Usage non permis", "Ce jeton n’a pas l’usage pui.transmit.")


def sent(machine: Machine, sending: Sending, key: str) -> Status[Any]:
    monitored_list = MonitoredList.objects.filter(pk=sending.liste).first()
    if monitored_list is None:
        raise Http404
    pui = pui_asked(machine, sending.pui, monitored_list)
    deposited = transmit_at_once(
        [raw_line(number, line) for number, line in enumerate(sending.lignes, start=1)],
        by=machine,
        pui=pui,
        monitored_list=monitored_list,
        due_on=sending.echeance,
        origin=Transmission.Origin.API,
        key=key,
        exact_codes={plain_code(code) for code in sending.confirme},
    )
    row = Transmission.objects.select_related(*WITH_ALL, "replaced_by")
    return Status(200 if deposited.already else 201, shown(row.get(pk=deposited.transmission.pk)))


def raw_line(number: int, line: LineSent) -> RawLine:
    codes = tuple(code for code in (line.ucd, line.ucd13) if code)
    label = clean_text(line.libelle)
    return RawLine(number, codes, label, line.stock, line.cmj, expiry=line.peremption)


def plain_code(code: str) -> str:
    """As lines know it; what is no code confirms nothing."""
    try:
        return normalize_ucd(code)
    except IdentifierError:
        return code.strip().upper()


def pui_asked(machine: Machine, asked: PuiAsked, monitored_list: MonitoredList) -> Pui:
    """The one open pharmacy that answers to what was given, among those of the token."""
    rows = Pui.objects.for_user(machine, to=write_action(monitored_list)).filter(closed_on=None)
    rows = rows.select_related("establishment__legal_entity", "establishment__region")
    if asked.id:
        rows = rows.filter(pk=asked.id)
    if asked.finess:
        finess = normalize_finess(asked.finess)
        places = rows.filter(establishment__finess=finess)
        rows = places | rows.filter(establishment__legal_entity__finess=finess)
    if asked.libelle:
        rows = rows.filter(label__iexact=clean_text(asked.libelle).strip())
    found: list[Pui] = list(rows[:MOST_NAMED]) if asked.id or asked.finess else []
    if len(found) != 1:
        raise PuiUnknownError(found)
    return found[0]


def unknown(error: IdentifierError | PuiUnknownError) -> HttpResponse:
    """No such pharmacy in reach, several, or a number that is none."""
    if isinstance(error, IdentifierError):
        return problem(422, "Demande mal formée", str(error))
    if not error.puis:
        return problem(404, "Introuvable", str(error))
    choices = [pui_shown(one).dict() for one in error.puis]
    return problem(422, "PUI à préciser", str(error), puis=choices)


def refused(machine: Machine, sending: Sending, error: LinesRefusedError) -> HttpResponse:
    """Nothing is stored; what is wrong is told line by line, and that it came is kept."""
    lines = told_lines(error.lines)
    record(
        "pui.transmission_refused",
        by=None,
        target=str(machine),
        place=machine.token.establishment or machine.token.legal_entity,
        list=sending.liste,
        lines=len(sending.lignes),
        refused_lines=len(lines),
        **machine.told(),
    )
    detail = "Rien n’est enregistré\u00a0: corrigez ces lignes, ou confirmez leurs écarts."
    return problem(422, "Lignes refusées", detail, lignes=lines)


@router.get(
    "/transmissions/{uuid:number}",
    response=ReceiptShown,
    url_name="transmission_receipt",
    summary="Lire l’accusé de réception d’une transmission",
)
def receipt(request: HttpRequest, number: UUID) -> HttpResponse | ReceiptShown:
    """Relire ce qui a été reçu, quelle qu’en soit l’origine.

    Usage du jeton\u00a0: `pui.transmit`.
    """
    machine = Machine(request.auth)  # type: ignore[attr-defined]
    if not machine.has(Scope.PUI_TRANSMIT):
        return not_allowed()
    rows = Transmission.objects.within(machine.own).filter(state__in=Transmission.STORED)
    row = rows.select_related(*WITH_ALL, "replaced_by").filter(number=number).first()
    if row is None:
        raise Http404
    return shown(row)


def shown(row: Transmission) -> ReceiptShown:
    told = receipt_of(row)
    return ReceiptShown(
        numero=str(row.number),
        etat=row.get_state_display(),
        pui=pui_shown(row.pui),
        liste=row.monitored_list_id,
        echeance=row.due_on,
        origine=row.get_origin_display(),
        transmise_le=told.sent_at,
        en_retard=told.is_late,
        remplacee_le=told.replaced_at,
        lignes=[
            LineReceived(
                ucd=one.product.code,
                ucd13=one.product.ucd13,
                libelle=one.product.label,
                stock=shown_number(one.quantities.stock),
                cmj=shown_number(one.quantities.daily),
                peremption=one.quantities.expiry,
            )
            for one in told.lines
        ],
        remarques=[remark_shown(line, one) for line, one in told.expiries],
        non_declares=[one.code for one in told.not_declared],
        hors_liste=list(told.outside),
    )


def remark_shown(line: Line, one: Remark) -> RemarkShown:
    return RemarkShown(
        ligne=line.number,
        ucd=line.code,
        colonne=one.column,
        valeur=one.value,
        motif=one.reason,
        accepte=one.accepted,
    )


def pui_shown(pui: Pui) -> PuiShown:
    site = pui.establishment
    return PuiShown(id=pui.pk, libelle=pui.label, finess=site.finess, etablissement=site.name)
