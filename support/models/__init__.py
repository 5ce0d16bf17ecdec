"""Help: questions and answers, the forum, requests for assistance."""

from support.models.canned_answer import CannedAnswer
from support.models.forum_post import ForumImage, ForumPost, ForumReport, ForumVote
from support.models.forum_reader import ForumFollow, ForumRead, ForumReader
from support.models.forum_theme import ForumTheme
from support.models.forum_topic import ForumTopic
from support.models.mailbox_change import MailboxChange
from support.models.question import Question, QuestionOpinion, Theme
from support.models.subject import Priority, Service, Subject
from support.models.text import Announcement, TextVersion
from support.models.ticket import Ticket
from support.models.ticket_message import Screenshot, TicketMessage

__all__ = [
    "Announcement",
    "CannedAnswer",
    "ForumFollow",
    "ForumImage",
    "ForumPost",
    "ForumRead",
    "ForumReader",
    "ForumReport",
    "ForumTheme",
    "ForumTopic",
    "ForumVote",
    "MailboxChange",
    "Priority",
    "Question",
    "QuestionOpinion",
    "Screenshot",
    "Service",
    "Subject",
    "TextVersion",
    "Theme",
    "Ticket",
    "TicketMessage",
]
