"""Help: questions and answers, the forum, requests for assistance."""

from support.models.forum_post import ForumImage, ForumPost, ForumReport, ForumVote
from support.models.forum_reader import ForumFollow, ForumRead, ForumReader
from support.models.forum_theme import ForumTheme
from support.models.forum_topic import ForumTopic
from support.models.question import Question, QuestionOpinion, Theme

__all__ = [
    "ForumFollow",
    "ForumImage",
    "ForumPost",
    "ForumRead",
    "ForumReader",
    "ForumReport",
    "ForumTheme",
    "ForumTopic",
    "ForumVote",
    "Question",
    "QuestionOpinion",
    "Theme",
]
