"""What happened in one’s perimeter."""

from django.urls import path

from accounts.views.plage import journal

urlpatterns = [
    path("journal/", journal.journal, name="journal"),
    path("journal/fichier/<str:kind>/", journal.journal_file, name="journal_file"),
]
