"""What one types of a text or of an announcement."""

from typing import Any

from django import forms

from support.models import Announcement, TextVersion

MINUTE = "%Y-%m-%dT%H:%M"


def moment_field(label: str) -> forms.DateTimeField:
    widget = forms.DateTimeInput({"type": "datetime-local"}, MINUTE)
    return forms.DateTimeField(label=label, widget=widget, input_formats=[MINUTE, MINUTE + ":%S"])


class TextForm(forms.ModelForm):
    class Meta:
        model = TextVersion
        fields = ["body"]
        widgets = {"body": forms.Textarea({"rows": 10})}
        labels = {"body": "Texte"}
        help_texts = {
            "body": "Une ligne vide sépare deux paragraphes. **gras**, - liste, "
            "[libellé](adresse). Laissez vide pour revenir au texte d’origine."
        }


class AnnouncementForm(forms.ModelForm):
    starts_at = moment_field("À partir du")
    ends_at = moment_field("Jusqu’au")

    class Meta:
        model = Announcement
        fields = ["text", "level", "audience", "starts_at", "ends_at"]
        help_texts = {"text": "Une phrase\u00a0: ce qui se passe, et jusqu’à quand."}

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        first, last = found.get("starts_at"), found.get("ends_at")
        if first and last and last <= first:
            self.add_error("ends_at", "L’annonce finirait avant de commencer.")
        return found
