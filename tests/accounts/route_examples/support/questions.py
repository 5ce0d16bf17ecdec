"""Questions and answers: `/aide/faq/`."""

from tests.accounts.route_examples.example import Example, by_number, plain

of_no_slug = Example(lambda place: ["aucune-question"], rowless=True)

EXAMPLES: dict[str, Example] = {
    "support:questions": plain,
    "support:question_theme": Example(lambda place: ["connexion"]),
    "support:question": of_no_slug,
    "support:question_opinion": of_no_slug,
    "support:questions_written": plain,
    "support:question_new": plain,
    "support:question_edit": by_number,
    "support:question_history": by_number,
    "support:question_act": Example(lambda place: [0, "monter"], rowless=True),
}
