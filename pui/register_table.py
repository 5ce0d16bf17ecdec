"""The register as a table: its rows and filters, declared once for the page and for the file."""

from typing import Any, Final

from django import forms
from django.db.models import Count, Q, QuerySet, TextChoices
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import User
from common.columns import Column, Table
from common.forms import search_field
from establishments.models import Department, Establishment
from establishments.models.search import SHORTEST, plain_words
from establishments.perimeter import Action
from pui.models import Pui
from pui.particular import particular_of
from pui.sheet import INCOMPLETE, missing_text

FORMATS: Final = ("xlsx", "csv")
PER_PAGE: Final = 25


class State(TextChoices):
    """Which pharmacies to show; the open ones unless asked."""

    OPEN = "ouvertes", "Ouvertes"
    CLOSED = "fermees", "Fermées"
    ALL = "toutes", "Toutes"


class Sheet(TextChoices):
    """What is said of their delivery."""

    INCOMPLETE = "a-completer", "À compléter"
    COMPLETE = "complete", "Complète"
    ELSEWHERE = "autre-adresse", "Autre adresse que celle du site"


class RegisterFilter(forms.Form):
    """Blank keeps everything; the open ones unless asked."""

    recherche = search_field("PUI, établissement, commune ou FINESS")
    departement = forms.ModelChoiceField(
        Department.objects.none(), label="Département", required=False, empty_label="Tous"
    )
    fiche = forms.ChoiceField(
        label="Fiche de livraison", required=False, choices=[("", "Toutes"), *Sheet.choices]
    )
    etat = forms.ChoiceField(label="État", required=False, choices=State.choices)

    def __init__(self, data: Any, *, user: User):
        super().__init__(data)
        self.user = user
        reached = Pui.objects.for_user(user, to=Action.PUI_READ)
        departments = Department.objects.filter(
            pk__in=reached.order_by().values("establishment__department")
        )
        self.fields["departement"].queryset = departments  # type: ignore[attr-defined]

    def chosen(self, name: str) -> Any:
        """What was chosen and is valid, or None."""
        self.is_valid()
        return self.cleaned_data.get(name) or None

    @property
    def is_too_short(self) -> bool:
        text = self.chosen("recherche")
        return bool(text) and sum(map(len, plain_words(text))) < SHORTEST

    def rows(self) -> QuerySet[Pui]:
        """Those within reach that pass every filter, by establishment then label."""
        rows = pharmacies(self.user).filter(*self.conditions())
        return rows.order_by("establishment__sort_name", "sort_label", "pk")

    def conditions(self) -> list[Q]:
        found = []
        state = self.chosen("etat") or State.OPEN
        if state != State.ALL:
            found.append(Q(closed_on__isnull=state == State.OPEN))
        if department := self.chosen("departement"):
            found.append(Q(establishment__department=department))
        if sheet := self.chosen("fiche"):
            found.append(
                {
                    Sheet.INCOMPLETE: INCOMPLETE,
                    Sheet.COMPLETE: ~INCOMPLETE,
                    Sheet.ELSEWHERE: ~Q(address_reason=""),
                }[Sheet(sheet)]
            )
        if text := self.chosen("recherche"):
            found.append(named(text))
        return found


def named(text: str) -> Q:
    """By the words of its label, or by its establishment as the directory finds it."""
    words = plain_words(text)
    by_label = Q()
    for word in words:
        by_label &= Q(sort_label__contains=word)
    sites = Establishment.objects.search(text).order_by().values("pk")
    return (by_label if words else Q(pk__in=[])) | Q(establishment__in=sites)


def pharmacies(user: User) -> QuerySet[Pui]:
    """All those that a person may read, with what every list says of them."""
    today = timezone.localdate()
    in_force = Q(served__starts_on__lte=today) & (
        Q(served__ends_on__isnull=True) | Q(served__ends_on__gte=today)
    )
    rows: QuerySet[Pui] = Pui.objects.for_user(user, to=Action.PUI_READ)
    return rows.select_related(
        "establishment__legal_entity", "establishment__category", "establishment__department"
    ).annotate(serves=Count("served", filter=in_force))


def pui_link(row: Pui) -> SafeString:
    address = reverse("pui:detail", args=[row.pk])
    return format_html('<a href="{}"><strong>{}</strong></a>', address, row.label)


def site_cell(row: Pui) -> SafeString:
    particular = particular_of(row.establishment)
    word = f" · {particular.word}" if particular else ""
    return format_html(
        '{}<span class="app-sous"><span class="app-nb">{}</span>{}</span>',
        row.establishment.name,
        row.establishment.finess_text,
        word,
    )


def delivery_cell(row: Pui) -> SafeString | str:
    if not row.address:
        return "–"
    place = f"{row.postal_code} {row.town}".strip()
    return format_html('{}<span class="app-sous">{}</span>', row.address, place)


def contact_cell(row: Pui) -> SafeString | str:
    phone = row.contact_phone or row.on_call_phone
    if not (row.contact_name or phone or row.contact_email):
        return "–"
    return format_html(
        '{}<span class="app-sous">{}</span>',
        row.contact_name or "Contact",
        " · ".join(filter(None, (phone, row.contact_email))),
    )


def sheet_cell(row: Pui) -> SafeString | str:
    """The state of the row in words: closed, or what its sheet still lacks."""
    if row.closed_on:
        return format_html('Fermée<span class="app-sous">le {}</span>', f"{row.closed_on:%d/%m/%Y}")
    if missing := missing_text(row):
        return format_html('À compléter<span class="app-sous">{}</span>', missing)
    return "Complète"


def sheet_text(row: Pui) -> str:
    missing = missing_text(row)
    return f"à compléter\u00a0: {missing}" if missing else "complète"


def hidden(row: Pui) -> str:
    """Only in the file: the page has no room for it."""
    return ""


def text(name: str, header: str) -> Column:
    return Column(header, lambda row: getattr(row, name), hidden, under=True)


REGISTER = Table(
    "registre",
    "Registre des PUI",
    [
        Column("PUI", lambda row: row.label, pui_link),
        Column("Établissement", lambda row: row.establishment.name, site_cell),
        Column("FINESS", lambda row: row.establishment.finess, hidden, under=True),
        Column(
            "Entité juridique", lambda row: row.establishment.legal_entity.name, hidden, under=True
        ),
        Column(
            "FINESS de l’entité juridique",
            lambda row: row.establishment.legal_entity.finess,
            hidden,
            under=True,
        ),
        Column("Dép.", lambda row: row.establishment.department_id or ""),
        text("ipe", "IPE"),
        text("recipient", "Destinataire"),
        Column("Adresse de livraison", lambda row: row.address, delivery_cell),
        text("postal_code", "Code postal"),
        text("town", "Commune"),
        text("address_reason", "Pourquoi une autre adresse"),
        text("access", "Accès et quai"),
        text("delivery_terms", "Modalités de livraison"),
        text("opening_hours", "Horaires de réception"),
        Column("Contact", lambda row: row.contact_name, contact_cell, is_wide=True),
        text("contact_phone", "Téléphone"),
        text("contact_email", "Courriel"),
        text("on_call_phone", "Astreinte"),
        Column("Dessert", lambda row: row.serves, is_number=True),
        Column(
            "Fiche",
            sheet_text,
            sheet_cell,
        ),
        text("opened_on", "Suivie à partir du"),
        text("closed_on", "Fermée le"),
        text("closing_reason", "Motif de fermeture"),
    ],
)
