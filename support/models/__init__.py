"""Help: questions and answers, the forum, requests for assistance."""

from support.models.question import Question, QuestionOpinion, Theme
from support.models.text import Announcement, TextVersion

__all__ = [
    "Announcement",
    "Question",
    "QuestionOpinion",
    "TextVersion",
    "Theme",
]
