"""The filters of the inbox: an address that one may send to a colleague."""

import re
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from common.forms import search_field
from establishments.perimeter import Action
from support.models import Subject, Ticket
from support.models.ticket import TicketQuerySet

State = Ticket.State
NUMBER = re.compile(r"(?:as-?)?(?:20\d\d-)?0*(\d{1,9})", re.IGNORECASE)
WAITING, ALL = "a-traiter", "toutes"
STATES = [(WAITING, "À traiter"), *State.choices, (ALL, "Toutes")]
FOLLOWED = [("", "Tout le monde"), ("moi", "Moi"), ("personne", "Personne")]


class InboxFilter(forms.Form):
    """What is unknown is left out."""

    recherche = search_field("Numéro, établissement ou mot")
    etat = forms.ChoiceField(label="État", choices=STATES, required=False)
    sujet = forms.ModelChoiceField(
        label="Sujet", queryset=Subject.objects.all(), required=False, empty_label="Tous"
    )
    suivie = forms.ChoiceField(label="Suivie par", choices=FOLLOWED, required=False)
    retard = forms.BooleanField(label="En retard seulement", required=False)

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__({"etat": WAITING} | {key: data[key] for key in data})
        self.user = user
        self.is_valid()

    def rows(self) -> TicketQuerySet:
        """Those of this person's service that the filters keep, the most pressing first."""
        typed = self.cleaned_data
        rows: TicketQuerySet = Ticket.objects.kept().for_user(self.user, to=Action.TICKET_ANSWER)
        rows = self._of_state(rows, typed.get("etat") or WAITING)
        if typed.get("sujet"):
            rows = rows.filter(subject=typed["sujet"])
        if followed := typed.get("suivie"):
            rows = rows.filter(assigned_to=self.user if followed == "moi" else None)
        if typed.get("retard"):
            rows = rows.to_handle().filter(answered_at=None, due_at__lt=timezone.now())
        return rows.filter(searched(typed.get("recherche", ""))).oldest_first()

    def _of_state(self, rows: TicketQuerySet, asked: str) -> TicketQuerySet:
        if asked == WAITING:
            return rows.to_handle()
        return rows if asked == ALL else rows.filter(state=asked)


def searched(text: str) -> Q:
    """A number, however it is written; else each word, in the place, the title or the name."""
    text = text.strip()
    if found := NUMBER.fullmatch(text.replace(" ", "")):
        return Q(pk=int(found[1])) | Q(finess=text.replace(" ", ""))
    wanted = Q()
    for word in text.split()[:6]:
        one = Q(place__icontains=word) | Q(title__icontains=word) | Q(name__icontains=word)
        wanted &= one | Q(email__icontains=word)
    return wanted
