"""As ``steering.urls.situation``."""

from common.weeks import current_week, shift
from establishments.perimeter import Action
from tests.accounts.route_examples.example import Example, plain

WEEK = shift(current_week(), -1)
of_territory = Example(lambda place: ["24"], rowless=True)
of_bulletin = Example(lambda place: ["24", WEEK], rowless=True)

EXAMPLES: dict[str, Example] = {
    "steering:situation": plain,
    "steering:situation_of": of_territory,
    "steering:digest_of": of_territory,
    "steering:digest_leave": Example(lambda place: ["rien"]),
    "steering:bulletins_of": of_territory,
    "steering:bulletin_word_of": Example(
        lambda place: ["24"], rowless=True, acts=Action.MSG_SEND, refuses=True
    ),
    "steering:bulletin_of": of_bulletin,
    "steering:bulletin_correct_of": Example(
        lambda place: ["24", WEEK], rowless=True, acts=Action.MSG_SEND, refuses=True
    ),
    "steering:bulletin_pdf_of": of_bulletin,
    "steering:bulletin_csv_of": of_bulletin,
}
