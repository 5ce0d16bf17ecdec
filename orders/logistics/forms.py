"""What is typed of the exchanges with the warehouses."""

import json
from typing import Any

from django import forms

from common.tabular import TabularError
from establishments.models import Region
from orders.logistics import large_files, pushed_files
from orders.logistics.finding import Asked
from orders.logistics.report_files import ReportFileError, parse_json, reports_of
from orders.models import LogisticsReport, Platform, Product, Replenishment, Source

REASON = {"rows": 2}
TABLES = {"accept": ".xlsx,.csv,.txt"}


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(label="Motif", max_length=300, widget=forms.Textarea(REASON))


class ReportsFilter(forms.Form):
    """Which reports."""

    etat = forms.ChoiceField(
        label="État",
        required=False,
        choices=[
            ("", "tous"),
            ("attente", "à reprendre (quarantaine ou attente)"),
            *LogisticsReport.State.choices,
        ],
    )
    nature = forms.ChoiceField(
        label="Nature",
        required=False,
        choices=[("", "toutes"), *[one for one in LogisticsReport.Kind.choices if one[0]]],
    )
    commande = forms.CharField(
        label="Commande", help_text="Son numéro en entier.", required=False, max_length=40
    )


class ReportsFileForm(forms.Form):
    """A file of reports."""

    fichier = forms.FileField(
        label="Fichier de comptes rendus",
        help_text="JSON, ou un tableau CSV ou XLSX dont la dernière ligne est «\u00a0fin\u00a0».",
        widget=forms.FileInput({"accept": ".json,.csv,.txt,.xlsx"}),
    )

    def reports(self) -> list[Any]:
        """Empty with an error beside the field when nothing can be taken of the file."""
        sent = self.cleaned_data["fichier"]
        try:
            return reports_of(sent, sent.name)
        except ReportFileError as refusal:
            self.add_error("fichier", str(refusal))
            return []


class CorrectionForm(forms.Form):
    """What a report held back should say."""

    content = forms.CharField(
        label="Contenu (JSON)",
        max_length=200_000,
        widget=forms.Textarea({"rows": 14, "spellcheck": "false"}),
    )

    def clean_content(self) -> Any:
        found = parse_json(self.cleaned_data["content"])
        if not isinstance(found, dict):
            raise forms.ValidationError(
                "Ce n’est pas un objet JSON lisible\u00a0: vérifiez guillemets et accolades."
            )
        return found

    @staticmethod
    def text_of(report: LogisticsReport) -> str:
        if not report.content:
            return report.text
        return json.dumps(report.content, ensure_ascii=False, indent=2)


class RerouteForm(ReasonForm):
    """Which territory goes to SPF, and why."""

    region = forms.ModelChoiceField(
        Region.objects.all(), label="Territoire", required=False, empty_label="Toute la France"
    )
    field_order = ("region", "reason")


class PlatformForm(forms.ModelForm):  # type: ignore[type-arg]
    """A platform of SPF."""

    class Meta:
        model = Platform
        fields = ("code", "label", "is_open")


class LargeForm(forms.Form):
    """A file of large beneficiaries, and what it does to the list."""

    fichier = forms.FileField(
        label="Fichier des grands établissements",
        help_text="XLSX ou CSV\u00a0: FINESS, plateforme SPF.",
        widget=forms.FileInput(TABLES),
    )
    mode = forms.ChoiceField(
        label="Ce que fait ce fichier",
        choices=[(one.value, label) for one, label in large_files.MODES],
        initial=large_files.Mode.REPLACE.value,
        widget=forms.RadioSelect,
    )

    def asked(self) -> list[Asked]:
        sent = self.cleaned_data["fichier"]
        try:
            return large_files.read_file(sent, sent.name)
        except TabularError as refusal:
            self.add_error("fichier", str(refusal))
            return []


class PushedForm(ReasonForm):
    """A file of allocations to push, and why."""

    fichier = forms.FileField(
        label="Fichier des dotations",
        help_text="XLSX ou CSV\u00a0: FINESS, produit, unités.",
        widget=forms.FileInput(TABLES),
    )
    field_order = ("fichier", "reason")

    def asked(self) -> tuple[list[Asked], str]:
        sent = self.cleaned_data["fichier"]
        try:
            return pushed_files.read_file(sent, sent.name)
        except TabularError as refusal:
            self.add_error("fichier", str(refusal))
            return [], ""


class ReplenishmentForm(forms.Form):
    """A replenishment to propose or to ask."""

    product = forms.ModelChoiceField(
        Product.objects.filter(source=Source.STATE, is_open=True),
        label="Produit",
        empty_label="Choisir un produit",
    )
    quantity = forms.IntegerField(
        label="Quantité (unités)",
        help_text="Des colis entiers.",
        min_value=1,
        max_value=100_000_000,
    )
    reason = forms.CharField(label="Motif", max_length=300, required=False)


class ReceivedForm(forms.Form):
    """What came of a replenishment."""

    received = forms.IntegerField(label="Unités reçues", min_value=0, max_value=100_000_000)

    def __init__(self, *args: Any, row: Replenishment, **kwargs: Any) -> None:
        super().__init__(*args, initial={"received": row.quantity}, **kwargs)
