"""Requests for assistance: `/aide/contact/`."""

from django.urls import URLPattern, path

from support.contact.views import conversation, inbox, link, opening, texts, who

urlpatterns: list[URLPattern] = [
    path("contact/", opening.contact, name="contact"),
    path("contact/nouvelle/", opening.contact_new, name="contact_new"),
    path("contact/qui/", who.contact_who, name="contact_who"),
    path("contact/qui/<int:pk>/", who.mailbox, name="mailbox"),
    path("contact/suivi/", link.follow, name="contact_follow"),
    path("contact/suivi/<str:signed>/", conversation.followed, name="contact_followed"),
    path(
        "contact/suivi/<str:signed>/captures/<int:pk>/",
        conversation.followed_screenshot,
        name="followed_screenshot",
    ),
    path("contact/demandes/", conversation.tickets, name="tickets"),
    path("contact/demandes/<int:pk>/", conversation.ticket, name="ticket"),
    path("contact/captures/<int:pk>/", conversation.screenshot, name="screenshot"),
    path("contact/a-traiter/", inbox.inbox, name="inbox"),
    path("contact/a-traiter/fichier/<str:kind>/", inbox.inbox_file, name="inbox_file"),
    path("contact/a-traiter/<int:pk>/", inbox.inbox_ticket, name="inbox_ticket"),
    path("contact/a-traiter/captures/<int:pk>/", inbox.inbox_screenshot, name="inbox_screenshot"),
    path("contact/textes/", texts.texts, name="texts"),
    path("contact/textes/reponses/nouvelle/", texts.canned_new, name="canned_new"),
    path("contact/textes/reponses/<int:pk>/", texts.canned_edit, name="canned_edit"),
    path("contact/textes/sujets/<int:pk>/", texts.subject_edit, name="subject_edit"),
]
