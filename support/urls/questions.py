"""Questions and answers: `/aide/faq/`."""

from django.urls import path

from support.views import question_writing, questions

urlpatterns = [
    path("faq/", questions.questions, name="questions"),
    path("faq/themes/<slug:theme>/", questions.question_theme, name="question_theme"),
    path("faq/gestion/", question_writing.questions_written, name="questions_written"),
    path("faq/gestion/nouvelle/", question_writing.AddView.as_view(), name="question_new"),
    path("faq/gestion/<int:pk>/", question_writing.ChangeView.as_view(), name="question_edit"),
    path(
        "faq/gestion/<int:pk>/historique/",
        question_writing.question_history,
        name="question_history",
    ),
    path("faq/gestion/<int:pk>/<slug:act>/", question_writing.question_act, name="question_act"),
    path("faq/<slug:slug>/", questions.question, name="question"),
    path("faq/<slug:slug>/avis/", questions.question_opinion, name="question_opinion"),
]
