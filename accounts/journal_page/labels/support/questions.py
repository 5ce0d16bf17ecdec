"""Questions and answers: `/aide/faq/`."""

from accounts.journal_page.labels.label import Label

FAMILIES: dict[str, dict[str, Label]] = {
    "Questions et réponses": {
        "support.question_added": Label("Question ajoutée", "a ajouté une question à l’aide"),
        "support.question_changed": Label("Question changée", "a changé une question de l’aide"),
        "support.question_moved": Label("Question déplacée", "a changé l’ordre des questions"),
        "support.question_published": Label("Question publiée", "a publié une question de l’aide"),
        "support.question_withdrawn": Label("Question retirée", "a retiré une question de l’aide"),
    },
}
