"""The tables of the requests: those to decide, those that others decide, those that are closed."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import django_tables2 as tables
from django_tables2.data import TableData, TableQuerysetData

from accounts.decisions.lines import OF_DECIDERS, RequestLine, read_requests, request_lines
from accounts.models import AccessRequest, User
from common.tables import CellColumn

CELLS = "plage/request_cells"


class Shown:
    """The requests of the pages of several tables, read together when the first is drawn."""

    def __init__(self) -> None:
        self.numbers: list[int] = []

    @cached_property
    def requests(self) -> dict[int, AccessRequest]:
        return {one.pk: one for one in read_requests(self.numbers, *OF_DECIDERS)}


class PageOfLines(Sequence):
    """The lines of one page, read when first asked for."""

    def __init__(self, numbers: list[int], lines: "OpenLines"):
        self.numbers, self.of = numbers, lines
        lines.shown.numbers += numbers

    @cached_property
    def lines(self) -> list[RequestLine]:
        requests = [self.of.shown.requests[number] for number in self.numbers]
        return request_lines(requests, self.of.user, **self.of.brought)

    def __len__(self):
        return len(self.numbers)

    def __getitem__(self, place):
        return self.lines[place]


class OpenLines(TableData):
    """Requests known by their numbers, the oldest first; the page shown is read, no more."""

    def __init__(self, numbers: list[int], user: User, shown: Shown, **brought: Any):
        super().__init__(numbers)
        self.user, self.shown, self.brought = user, shown, brought

    def __len__(self):
        return len(self.data)

    def __getitem__(self, page):
        return PageOfLines(self.data[page], self)

    def __iter__(self):
        return iter(self[:])

    def order_by(self, aliases):
        """By age, the one way or the other: nothing else sorts what is open."""
        if any(alias.startswith("-") for alias in aliases):
            self.data = self.data[::-1]


class ClosedLines(TableQuerysetData):
    """The page of requests as lines; what goes with them is read for that page only."""

    def __init__(self, requests, user: User):
        super().__init__(requests)
        self.user = user

    def __getitem__(self, page):
        keys = list(self.data.values_list("pk", flat=True)[page])  # joined before sorting, no more
        return request_lines(read_requests(keys, "decided_by"), self.user)

    def __iter__(self):
        return iter(self[:])


class RequestTable(tables.Table):
    """What every list of requests shows."""

    person = CellColumn(
        template_name=f"{CELLS}/person.html", verbose_name="Personne", orderable=False
    )
    asked = CellColumn(
        template_name=f"{CELLS}/asked.html",
        verbose_name="Demande",
        orderable=False,
        attrs={"td": {"class": "app-large"}},
    )

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

    facts = CellColumn(
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
    action = CellColumn(
        template_name=f"{CELLS}/action.html", verbose_name="Action", orderable=False
    )

    class Meta(RequestTable.Meta):
        attrs = {"caption": "Demandes à décider"}
        empty_text = "Aucune demande ne vous attend."
        order_by = "since"


class FollowedTable(RequestTable):
    """Those that others decide, with who."""

    per_page = 10

    who = CellColumn(
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

    outcome = CellColumn(
        template_name=f"{CELLS}/outcome.html",
        verbose_name="Décision",
        order_by=("closed_at", "pk"),
        attrs={"td": {"class": "app-large"}},
    )

    class Meta(RequestTable.Meta):
        attrs = {"caption": "Demandes"}
        empty_text = "Aucune demande ne correspond : effacez les filtres pour tout revoir."
        order_by = "-outcome"
