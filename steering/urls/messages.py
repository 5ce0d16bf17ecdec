"""Messages to roles and territories: `/messages/`."""

from django.urls import URLPattern, path

from steering.views import message_following as following
from steering.views import message_writing as writing
from steering.views import messages

ONE = "messages/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("messages/", messages.received, name="messages"),
    path("messages/ecrits/", writing.messages_written, name="messages_written"),
    path("messages/nouveau/", writing.message_new, name="message_new"),
    path(ONE, messages.message, name="message"),
    path(f"{ONE}pris-en-compte/", messages.message_acknowledge, name="message_acknowledge"),
    path(f"{ONE}fichiers/<int:number>/", messages.message_file, name="message_file"),
    path(f"{ONE}modifier/", writing.message_edit, name="message_edit"),
    path(f"{ONE}apercu/", writing.message_preview, name="message_preview"),
    path(f"{ONE}supprimer/", writing.message_drop, name="message_drop"),
    path(f"{ONE}rectifier/", writing.message_correct, name="message_correct"),
    path(f"{ONE}retirer/", writing.message_withdraw, name="message_withdraw"),
    path(f"{ONE}suivi/", following.message_follow, name="message_follow"),
    path(f"{ONE}suivi/liste.<str:kind>", following.message_follow_file, name="message_follow_file"),
    path(f"{ONE}relancer/", following.message_remind, name="message_remind"),
]
