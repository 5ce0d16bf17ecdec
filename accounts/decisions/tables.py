"""The tables of the requests: those to decide, those that others decide, those that are closed."""

from typing import ClassVar

import django_tables2 as tables
from django_tables2.data import TableQuerysetData

from accounts.decisions.inbox import RELATED
from accounts.decisions.lines import request_lines
from accounts.models import AccessRequest, User

CELLS = "plage/request_cells"


class Lines(TableQuerysetData):
    """The page of requests as lines; what goes with them is read for that page only."""

    def __init__(self, requests, user: User, **brought: bool):
        super().__init__(requests)
        self.user, self.brought = user, brought

    def __getitem__(self, page):
        keys = list(self.data.values_list("pk", flat=True)[page])  # joined before sorting, no more
        found = AccessRequest.objects.select_related(*RELATED).prefetch_related("habilitations")
        rows = found.in_bulk(keys)
        return request_lines([rows[key] for key in keys], self.user, **self.brought)

    def __iter__(self):
        return iter(self[:])


class RequestTable(tables.Table):
    """What every list of requests shows."""

    person = tables.TemplateColumn(
        template_name=f"{CELLS}/person.html", verbose_name="Personne", orderable=False
    )
    asked = tables.TemplateColumn(
        template_name=f"{CELLS}/asked.html",
        verbose_name="Demande",
        orderable=False,
        attrs={"td": {"class": "app-large"}},
    )

    brought: ClassVar[dict[str, bool]] = {}  # what ``request_lines`` is asked for
    per_page = 25

    class Meta:
        template_name = "django_tables2/dsfr.html"
        sequence = ("person", "asked", "...")
        row_attrs = {"class": lambda record, table: table.class_of(record)}

    def __init__(self, *args, opened=None, query="", **kwargs):
        super().__init__(*args, **kwargs)
        self.opened = self.marked = opened  # marked: shown beside the list, on a large screen
        self.query = query

    def class_of(self, line) -> str:
        return "app-courant" if line.request == self.marked else ""


class WaitingTable(RequestTable):
    """Those that wait for a decision, to open one by one or to tick."""

    brought: ClassVar[dict[str, bool]] = {"with_facts": True}

    facts = tables.TemplateColumn(
        template_name=f"{CELLS}/facts.html",
        verbose_name="À savoir",
        orderable=False,
        attrs={"td": {"class": "app-large"}},
    )
    since = tables.Column(
        "Depuis",
        order_by=("asked_at", "pk"),
        attrs={"th": {"class": "app-num"}, "td": {"class": "app-num"}},
    )
    action = tables.TemplateColumn(
        template_name=f"{CELLS}/action.html", verbose_name="Action", orderable=False
    )

    class Meta(RequestTable.Meta):
        attrs = {"caption": "Demandes à décider"}
        empty_text = "Aucune demande ne vous attend."
        order_by = "since"


class FollowedTable(RequestTable):
    """Those that others decide, with who."""

    brought: ClassVar[dict[str, bool]] = {"with_deciders": True}
    per_page = 10

    who = tables.TemplateColumn(
        template_name=f"{CELLS}/who.html",
        verbose_name="Qui décide",
        orderable=False,
        attrs={"td": {"class": "app-large"}},
    )
    since = tables.Column(
        "Depuis",
        order_by=("asked_at", "pk"),
        attrs={"th": {"class": "app-num"}, "td": {"class": "app-num"}},
    )

    class Meta(RequestTable.Meta):
        attrs = {"caption": "Suivies ici, décidées par d’autres"}
        prefix = "suivies-"
        order_by = "since"


class ClosedTable(RequestTable):
    """Those that somebody decided, the latest first."""

    outcome = tables.TemplateColumn(
        template_name=f"{CELLS}/outcome.html",
        verbose_name="Décision",
        order_by=("closed_at", "pk"),
        attrs={"td": {"class": "app-large"}},
    )

    class Meta(RequestTable.Meta):
        attrs = {"caption": "Demandes"}
        empty_text = "Aucune demande ne correspond : effacez les filtres pour tout revoir."
        order_by = "-outcome"
