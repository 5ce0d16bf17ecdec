"""The side menu of e-Dispostock: the three headings of the guide and their entries, word for word.

Below them stand ours: the vaccination devices, which the guide names without an entry, and what
those who follow a region or the country look at [000, 001].
"""

from dataclasses import dataclass, field

from django.urls import reverse

from accounts.models import User
from establishments.perimeter import Action


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu."""

    label: str
    route: str
    actions: tuple[Action, ...]
    kwargs: dict[str, str] = field(default_factory=dict)
    is_covid: bool = False

    @property
    def url(self) -> str:
        return reverse(self.route, kwargs=self.kwargs)


@dataclass(frozen=True, slots=True)
class Heading:
    label: str
    entries: tuple[Entry, ...]


OWN_PUI = (Action.PUI_READ,)
FLU = (Action.FLU_WRITE, Action.FLU_READ)
COVID_STOCK = (Action.VAC_STOCK_WRITE, Action.VAC_STOCK_READ)
MEDICINES = (Action.MED_WRITE, Action.MED_READ)
RECEIVED = (Action.MED_ALLOCATE_RECEIVE,)  # a pharmacy
SHARING = (Action.MED_ALLOCATE,)  # an agency, the country
AID = (Action.MED_WRITE, Action.MED_REOPEN)  # not those of mutual aid: they have no domain

HEADINGS = (
    Heading(
        "PUIs",
        (
            Entry(
                "Création et description de PUI rattachés à votre établissement",
                "pui:register",
                OWN_PUI,
            ),
        ),
    ),
    Heading(
        "Vaccins",
        (
            Entry("Stock Vaccin Grippe", "pui:transmission", FLU, {"slug": "grippe"}),
            Entry("Stock Vaccins COVID", "pui:transmission", COVID_STOCK, {"slug": "covid"}, True),
            Entry("Demande Vaccins Grippe", "vaccines:flu", FLU),
            Entry(
                "Approvisionnement vaccin COVID",
                "vaccines:supply",
                (Action.VAC_READ,),
                is_covid=True,
            ),
            Entry("Liste UCD vaccin Grippe", "medications:list", FLU, {"slug": "grippe"}),
            Entry(
                "Liste UCD Vaccin Covid", "medications:list", COVID_STOCK, {"slug": "covid"}, True
            ),
        ),
    ),
    Heading(
        "Autres médicaments",
        (
            Entry("Transmission", "pui:transmission", MEDICINES, {"slug": "autres"}),
            Entry("Etat du stock", "pui:state", MEDICINES),
            Entry(
                "Liste UCD autres médicaments", "medications:list", MEDICINES, {"slug": "autres"}
            ),
            Entry("Répartitions reçues", "pui:sharing", RECEIVED),
            Entry("Demander de l’aide", "pui:help", RECEIVED),
        ),
    ),
    Heading(
        "Dispositifs de vaccination",
        (
            Entry(
                "Stock des dispositifs",
                "pui:transmission",
                COVID_STOCK,
                {"slug": "dispositifs"},
                is_covid=True,
            ),
            Entry(
                "Liste des dispositifs",
                "medications:list",
                COVID_STOCK,
                {"slug": "dispositifs"},
                is_covid=True,
            ),
        ),
    ),
    Heading("Entraide", (Entry("Dépannages", "aid", AID),)),
    Heading(
        "Suivi",
        (
            Entry("Stocks de la région", "pui:region", (Action.DASH_MED,)),
            Entry("PUI en retard", "pui:late", (Action.DASH_MED,)),
            Entry("Répartition d’un médicament", "pui:sharing", SHARING),
            Entry("Demandes d’aide", "pui:help", SHARING),
            Entry("Relances automatiques", "pui:reminders", (Action.DASH_MED,)),
            Entry("Relevés quotidiens", "pui:snapshots", (Action.DASH_MED,)),
            Entry("Ouverture des PUI", "pui:onboarding", (Action.ONB_READ,)),
            Entry("Vagues de vaccins COVID", "vaccines:waves", (Action.VAC_WAVE,), is_covid=True),
            Entry("Réglage des listes", "medications:settings", (Action.MED_SETTINGS,)),
            Entry("Campagnes grippe", "vaccines:flu_campaigns", (Action.MED_SETTINGS,)),
        ),
    ),
)
EVERY_ACTION = tuple(
    dict.fromkeys(
        action for heading in HEADINGS for entry in heading.entries for action in entry.actions
    )
)


def menu_of(user: User) -> list[Heading]:
    """The headings of this person, without the entries that are not theirs."""
    mine = [
        Heading(
            one.label,
            tuple(entry for entry in one.entries if any(map(user.may, entry.actions))),
        )
        for one in HEADINGS
    ]
    return [one for one in mine if one.entries]


def current_entry(headings: list[Heading], path: str) -> Entry | None:
    """The entry of a page: its own, or the one that its address is the longest below."""
    entries = [entry for heading in headings for entry in heading.entries]
    above = [entry for entry in entries if path.startswith(entry.url)]
    return max(above, key=lambda entry: len(entry.url), default=None)
