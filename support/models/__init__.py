"""Help: questions and answers, the forum, requests for assistance."""

from support.models.question import Question, QuestionOpinion, Theme

__all__ = ["Question", "QuestionOpinion", "Theme"]
