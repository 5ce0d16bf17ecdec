"""A pharmacy asks, its agency answers: by the services, and as a browser sends it."""

from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from pui.helping.letters import TELL
from pui.models import HelpRequest
from pui.services.helping import (
    Asked,
    Outcome,
    answer_request,
    ask_help,
)

LIST = "/dispostock/medicaments/demandes/"
WHY = "Deux lits de réanimation de plus, le fournisseur ne livre pas"


def ask(country, by=None, pui=None, **more):
    typed = {"quantity": 40, "urgency": HelpRequest.Urgency.DAYS, "reason": WHY} | more
    asked = Asked(country.medicine, **typed)
    return ask_help(by=by or country.gf, pui=pui or country.orleans, asked=asked)


def answer(country, request, outcome=Outcome.TAKEN, text="Nous appelons le CHU", **more):
    by = more.pop("by", country.agent)
    return answer_request(by=by, request=request, outcome=outcome, text=text, **more)


def text_of(answer):
    return answer.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def waiting():
    """The mails to agencies that wait, and whether they wait for others."""
    jobs = ProcrastinateJob.objects.filter(task_name=TELL).order_by("pk")
    return [(one.args, one.scheduled_at is not None) for one in jobs]


def typed(country, **more):
    return {
        "pui": str(country.orleans.pk),
        "produit": country.product.reference.label,
        "quantite": "40",
        "urgence": "days",
        "motif": WHY,
    } | more
