"""The roles one may write to: those of the access matrix, by domain where one role has several."""

from collections.abc import Collection, Iterable

from django.db.models import Q

from accounts.grants import ROLE_CODES, SEVERAL_DOMAINS, SITE
from accounts.models import Domain, Habilitation
from establishments.models import AdministrativeBody

Kind = AdministrativeBody.Kind
NATIONAL_KINDS = (Kind.NATIONAL, Kind.SPF, Kind.LA_POSTE, Kind.CONSORTIUM)
LABELS = {
    "GF": "Gestionnaires de fichiers (e-Dispostock)",
    "OIE": "Opérateurs d’inventaire EPI (EPI-Stocks)",
    "OCE": "Opérateurs de commande EPI (Distrilog-Santé)",
    "APE": "Administrateurs d’établissement (APE) et délégués",
    "ARA": "Administrateurs d’ARS",
    "ARL": "Lecteurs d’ARS",
    "OMD": "OMEDIT",
    "DEP": "Conseils départementaux",
    "NAT": "Cellule nationale",
    "NAL": "Lecteurs nationaux",
    "SPF": "Santé publique France",
    "LPO": "La Poste",
    "CSM": "Consortium",
    "SUP": "Assistance",
    "TEC": "Exploitation",
    "AUD": "Auditeurs",
}
OF_SITES = ("GF", "OIE", "OCE", "APE")
OF_REGIONS = ("ARA", "ARL", "OMD", "DEP")


def key_of(code: str, domain: str) -> str:
    """« GF », but « NAT.dispostock »: a role that several domains have is chosen in each."""
    return f"{code}.{domain}" if code in SEVERAL_DOMAINS else code


RIGHTS: dict[str, list[tuple[str, str, str]]] = {}
for _right, _code in ROLE_CODES.items():
    RIGHTS.setdefault(key_of(_code, _right[0]), []).append(_right)
KEYS = frozenset(RIGHTS)


def label_of(key: str) -> str:
    """« Lecteurs d’ARS (EPI-Stocks) »."""
    code, _, domain = key.partition(".")
    return f"{LABELS[code]} ({Domain(domain).label})" if domain else LABELS[code]


def choices_of(codes: Iterable[str]) -> list[tuple[str, str]]:
    """The keys of these roles with their names, in the order of the matrix."""
    kept = set(codes)
    return [(key, label_of(key)) for key in RIGHTS if key.partition(".")[0] in kept]


SITE_KEYS = frozenset(key for key, _ in choices_of(OF_SITES))
TERRITORIAL_KEYS = SITE_KEYS | {key for key, _ in choices_of(OF_REGIONS)}
NATIONAL_KEYS = KEYS - TERRITORIAL_KEYS
OF_NATION = tuple(dict.fromkeys(key.partition(".")[0] for key in RIGHTS if key in NATIONAL_KEYS))


def key_held(right: Habilitation, kind: str) -> str:
    """The key that a habilitation stands for on an entity of that kind; empty: none."""
    code = ROLE_CODES.get((right.domain, right.role, kind), "")
    return key_of(code, right.domain) if code else ""


def rights_q(keys: Collection[str]) -> Q:
    """Select the habilitations that stand for one of these keys."""
    found = Q(pk__in=[])
    for key in keys:
        for domain, role, kind in RIGHTS[key]:
            place = Q(profile__body__isnull=True) if kind == SITE else Q(profile__body__kind=kind)
            found |= place & Q(domain=domain, role=role)
    return found
