"""What a person types in the forum."""

import re
import uuid
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from common.numbers import row_number
from common.photos import PhotoField
from support.forum.reading import STATES, VIEWS
from support.models import ForumPost, ForumReader, ForumReport, ForumTheme, ForumTopic
from support.services.forum.posts import Written
from support.services.forum.rules import LONGEST_TEXT, LONGEST_TITLE

MARKUP = (
    "Une ligne vide sépare deux paragraphes, un tiret en début de ligne fait une liste, "
    "**deux étoiles** mettent en gras."
)
PRIVATE = "Aucun nom de patient ni de résident, aucun mot de passe."
IMAGE_HELP = (
    "PNG ou JPEG de 5\u00a0Mo au plus. Cachez d’abord les noms, les adresses et les mots de passe."
)
TOPIC_ADDRESS = re.compile(r"(?:.*/aide/agora/)?(\d{1,18})/?(?:[?#].*)?")
CHOOSE_THEME = "Choisissez un thème."


class SearchForm(forms.Form):
    """A list of topics: words, theme, state; kept in the address."""

    q = forms.CharField(label="Chercher dans Agora", required=False, max_length=200)
    theme = forms.ModelChoiceField(
        label="Thème",
        queryset=ForumTheme.objects.all(),
        required=False,
        empty_label="Tous les thèmes",
    )
    etat = forms.ChoiceField(label="État", choices=STATES, required=False)
    vue = forms.ChoiceField(choices=VIEWS, required=False, widget=forms.HiddenInput)

    def asked(self, name: str) -> Any:
        """What was chosen; an address made by hand asks for nothing."""
        self.is_valid()
        return self.cleaned_data.get(name)


class TitleForm(forms.Form):
    """The question in one sentence, before all the rest."""

    titre = forms.CharField(
        label="Votre question, en une phrase",
        help_text="Par exemple\u00a0: comment déclarer des gants comptés par boîte\u00a0?",
        max_length=LONGEST_TITLE,
        error_messages={"required": "Écrivez votre question en une phrase."},
    )


class WrittenForm(forms.Form):
    """A text, an image, whether one is told of what follows; the token makes two sendings one."""

    texte = forms.CharField(
        label="Votre réponse",
        help_text=f"{MARKUP} {PRIVATE}",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 8}),
        error_messages={"required": "Écrivez votre message avant de l’envoyer."},
    )
    image = PhotoField(label="Capture d’écran", help_text=IMAGE_HELP)
    suivre = forms.BooleanField(
        label="Me prévenir des réponses par courriel", required=False, initial=True
    )
    jeton = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("jeton", uuid.uuid4())

    @property
    def lost_image(self) -> bool:
        """A browser sends a file once: the form asks for it again."""
        return bool(self.files.get("image"))

    def written(self) -> Written:
        typed = self.cleaned_data
        return Written(typed["texte"], typed["jeton"], typed["image"], typed["suivre"])


class AskForm(WrittenForm):
    """A question: its title and theme besides."""

    titre = TitleForm.base_fields["titre"]
    theme = forms.ModelChoiceField(
        label="Thème",
        queryset=ForumTheme.objects.open(),
        empty_label="Choisir un thème",
        error_messages={"required": CHOOSE_THEME, "invalid_choice": CHOOSE_THEME},
    )

    field_order = ("titre", "theme", "texte", "image", "suivre", "jeton")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["texte"].label = "Ce qui se passe, ce que vous avez déjà essayé"


class EditForm(forms.Form):
    """A text again, and the title of a question."""

    titre = forms.CharField(label="Titre", max_length=LONGEST_TITLE)
    texte = forms.CharField(
        label="Votre message",
        help_text=f"{MARKUP} {PRIVATE}",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 10}),
        error_messages={"required": "Écrivez votre message avant de l’enregistrer."},
    )

    def __init__(self, *args: Any, post: ForumPost, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not post.is_question:
            del self.fields["titre"]
        self.initial |= {"titre": post.topic.title, "texte": post.text}


class ReportForm(forms.Form):
    motif = forms.ChoiceField(
        label="Ce qui ne va pas",
        choices=[(value, label.capitalize()) for value, label in ForumReport.Reason.choices],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez ce qui ne va pas dans ce message."},
    )
    precision = forms.CharField(label="Précision", required=False, max_length=500)


class HideForm(forms.Form):
    motif = forms.CharField(
        label="Pourquoi masquer ce message",
        help_text="Envoyé par courriel à la personne qui l’a écrit.",
        max_length=500,
        error_messages={"required": "Dites pourquoi\u00a0: la personne le lira."},
    )


class TopicForm(forms.Form):
    titre = forms.CharField(label="Titre", max_length=LONGEST_TITLE)
    theme = forms.ModelChoiceField(
        label="Thème", queryset=ForumTheme.objects.all(), empty_label=None
    )


class MergeForm(forms.Form):
    """The other topic, as its page shows it."""

    sujet = forms.CharField(
        label="Numéro ou adresse du sujet qui reste",
        help_text="Par exemple 12, ou l’adresse copiée depuis sa page.",
        max_length=300,
        error_messages={"required": "Donnez le sujet qui reste."},
    )

    def clean_sujet(self) -> ForumTopic:
        typed = TOPIC_ADDRESS.fullmatch(self.cleaned_data["sujet"].strip())
        rows = ForumTopic.objects.filter(merged_into__isnull=True)
        found: ForumTopic | None = rows.filter(pk=row_number(typed[1] if typed else "")).first()
        if found is None:
            raise forms.ValidationError("Aucun sujet ne porte ce numéro.")
        return found


class RestrictForm(forms.Form):
    jusqu_au = forms.DateField(
        label="Lecture seule jusqu’au",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choisissez un jour.", "invalid": "Choisissez un jour."},
    )
    motif = forms.CharField(
        label="Motif",
        help_text="Envoyé par courriel à la personne.",
        max_length=500,
        error_messages={"required": "Dites pourquoi\u00a0: la personne le lira."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("jusqu_au", timezone.localdate() + timedelta(days=7))

    def restriction(self) -> dict[str, Any]:
        return {"until": self.cleaned_data["jusqu_au"], "reason": self.cleaned_data["motif"]}


class ThemeForm(forms.Form):
    titre = forms.CharField(label="Titre", max_length=80)
    description = forms.CharField(label="Ce que l’on y demande", max_length=300)


class PaceForm(forms.Form):
    rythme = forms.ChoiceField(
        label="M’écrire",
        choices=[(value, label.capitalize()) for value, label in ForumReader.Pace.choices],
        widget=forms.RadioSelect,
    )
