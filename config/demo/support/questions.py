"""Questions and answers: opinions of the last weeks, and one answer completed by support."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from config.demo.people import ADDRESS
from support.models import Question, QuestionOpinion
from support.questions.forms import written_in
from support.services.questions import Typed, change_question

# slug, useful and useless opinions a week
OPINIONS = (
    ("combien-de-doses-de-rappel", 14, 1),
    ("quel-numero-finess", 11, 2),
    ("je-n-arrive-pas-a-me-connecter", 9, 4),
    ("calcul-du-contingent", 7, 5),
    ("vide-ou-zero", 12, 0),
    ("lignes-refusees", 3, 3),
)
WEEKS = 4
COMPLETED = "lignes-refusees"
MORE = (
    "\n\nDeux causes reviennent souvent\u00a0: une colonne de boîtes au lieu d’unités, et un code "
    "à treize chiffres amputé de ses zéros par le tableur."
)


def build_questions() -> None:
    """Build what is missing."""
    if QuestionOpinion.objects.exists():
        return
    today = timezone.localdate()
    questions = {one.slug: one for one in Question.objects.all()}
    QuestionOpinion.objects.bulk_create(
        QuestionOpinion(
            question=questions[slug],
            day=today - timedelta(weeks=week),
            useful=max(0, useful - week),
            useless=max(0, useless - week // 2),
        )
        for slug, useful, useless in OPINIONS
        for week in range(WEEKS)
    )
    complete(questions[COMPLETED])


def complete(question: Question) -> None:
    """Support added to an answer what it was asked most."""
    written = written_in(question)
    written |= {"answer": question.answer + MORE, "roles": tuple(question.roles)}
    support = User.objects.get(email=f"support{ADDRESS}")
    typed = Typed(**written)
    change_question(by=support, question=question, typed=typed)
