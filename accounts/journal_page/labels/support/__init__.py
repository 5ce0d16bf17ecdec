"""Help: guides, questions and answers, forum, requests for assistance."""

from accounts.journal_page.labels.support import (
    contact,
    forum,
    guides,
    questions,
)

FAMILIES = {
    **guides.FAMILIES,
    **questions.FAMILIES,
    **forum.FAMILIES,
    **contact.FAMILIES,
}
