"""Help: guides, questions and answers, forum, requests for assistance."""

from config.demo.support.contact import build_contact
from config.demo.support.forum import build_forum
from config.demo.support.guides import build_guides
from config.demo.support.platform import build_platform
from config.demo.support.questions import build_questions


def build_support() -> None:
    """Build what is missing, each part on those before it."""
    build_guides()
    build_questions()
    build_forum()
    build_contact()
    build_platform()
