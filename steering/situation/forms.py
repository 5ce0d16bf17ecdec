"""What an editor writes in a bulletin."""

from django import forms

from steering.models.bulletin import LONGEST_REASON, LONGEST_WORD


class WordForm(forms.Form):
    text = forms.CharField(
        label="Le mot de la cellule",
        required=False,
        max_length=LONGEST_WORD,
        widget=forms.Textarea({"rows": 4}),
        help_text="Quelques phrases, montrées en tête du bulletin. "
        "Une ligne vide sépare deux paragraphes.",
    )


class CorrectionForm(WordForm):
    reads_again = forms.BooleanField(
        label="Relever les chiffres de nouveau",
        required=False,
        help_text="Par exemple après une déclaration corrigée. Sont relus les chiffres de la "
        "semaine\u00a0; ceux d’un instant (alertes, entraide, vaccins, stock de l’État) restent "
        "tels que publiés.",
    )
    reason = forms.CharField(
        label="Ce qui change, et pourquoi",
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 2}),
        help_text="Une phrase, montrée en tête de la nouvelle version.",
        error_messages={"required": "Dites en une phrase ce qui change et pourquoi."},
    )
