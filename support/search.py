"""What help brings to a search: parts of the guides, questions and their answers."""

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from accounts.models import User
from common.search import Group, Hit
from support.contact.searching import ticket_numbered
from support.guides.finding import find_sections
from support.questions.finding import similar
from support.roles import codes_of

MOST = 6


def find(user: User | AnonymousUser, words: str) -> list[Group]:
    """What is found, by kind; a kind where nothing is found is left out."""
    groups = [_in_guides(user, words), _in_questions(words)]
    return [group for group in groups if group.hits]


def _in_guides(user: User | AnonymousUser, words: str) -> Group:
    found = find_sections(words, codes_of(user), MOST)
    hits = [
        Hit(one.section.title, one.url, f"Guide «\u00a0{one.guide.title}\u00a0»") for one in found
    ]
    return Group("Guides", hits, reverse("support:guides"), "Tous les guides", order=80)


def _in_questions(words: str) -> Group:
    found = similar(words, MOST)
    hits = [Hit(one.question, one.get_absolute_url(), one.get_theme_display()) for one in found]
    return Group("Questions", hits, reverse("support:questions"), "Toutes les questions", order=81)


def exact(user: User, text: str) -> Hit | None:
    """The request for assistance whose number was typed."""
    return ticket_numbered(user, text)
