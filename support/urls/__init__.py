"""The addresses of help, by subject."""

from support.urls import (
    contact,
    forum,
    guides,
    questions,
)

app_name = "support"
urlpatterns = [
    *guides.urlpatterns,
    *questions.urlpatterns,
    *forum.urlpatterns,
    *contact.urlpatterns,
]
