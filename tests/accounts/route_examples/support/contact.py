"""Requests for assistance: `/aide/contact/`."""

from tests.accounts.route_examples.example import Example, by_number, plain

HANDLED = "NRF"  # what is routed to SPF is read here too
ended = Example(lambda place: ["lien-inconnu"], rowless=True)
numbered = Example(lambda place: [0], rowless=True, letters=HANDLED)
EXAMPLES: dict[str, Example] = {
    "support:contact": plain,
    "support:contact_new": plain,
    "support:contact_who": plain,
    "support:mailbox": Example(lambda place: [0], rowless=True, refuses=True, letters=HANDLED),
    "support:contact_follow": plain,
    "support:contact_followed": ended,
    "support:followed_screenshot": Example(lambda place: ["lien-inconnu", 0], rowless=True),
    "support:tickets": plain,
    "support:ticket": by_number,
    "support:screenshot": by_number,
    "support:inbox": Example(lambda place: [], letters=HANDLED),
    "support:inbox_file": Example(lambda place: ["csv"], letters=HANDLED),
    "support:inbox_ticket": numbered,
    "support:inbox_screenshot": numbered,
    "support:texts": plain,
    "support:canned_new": plain,
    "support:canned_edit": by_number,
    "support:subject_edit": by_number,
}
