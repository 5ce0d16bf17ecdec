"""What is typed of a question."""

from django import forms

from support.models import Question, Theme
from support.roles import NAMES
from support.services.questions import Typed


class QuestionForm(forms.Form):
    theme = forms.ChoiceField(label="Thème", choices=Theme.choices)
    question = forms.CharField(
        label="Question",
        max_length=200,
        help_text="Comme on la poserait\u00a0: «\u00a0Je ne trouve pas mon établissement\u00a0».",
    )
    answer = forms.CharField(
        label="Réponse",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=(
            "Une ligne vide sépare deux paragraphes. Une liste\u00a0: «\u00a0- \u00a0» en début de "
            "ligne. Gras\u00a0: **mot**. Lien\u00a0: [mots](/adresse/)."
        ),
    )
    keywords = forms.CharField(
        label="Autres mots pour la trouver",
        max_length=300,
        required=False,
        help_text="Ceux que l’on taperait et que ni la question ni la réponse ne disent.",
    )
    roles = forms.MultipleChoiceField(
        label="Concerne d’abord",
        choices=list(NAMES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Rien de coché\u00a0: tout le monde.",
    )

    def typed(self) -> Typed:
        data = self.cleaned_data
        return Typed(
            Theme(data["theme"]),
            data["question"],
            data["answer"],
            data["keywords"],
            tuple(data["roles"]),
        )


def written_in(question: Question) -> dict[str, object]:
    """A question as its form shows it."""
    names = ("theme", "question", "answer", "keywords", "roles")
    return {name: getattr(question, name) for name in names}
