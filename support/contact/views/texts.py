"""The texts of assistance held as data: subjects and answers written once."""

from django.contrib import messages
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from establishments.access import allows, as_shown
from establishments.perimeter import Action
from support.contact.act_forms import CannedForm, SubjectForm
from support.contact.views.inbox import LIST
from support.contact.views.opening import CONTACT, trail
from support.models import CannedAnswer, Subject
from support.services.contact_texts import save_canned_answer, save_subject
from support.services.errors import ContactError

TEXTS = ("Sujets et réponses types", "support:texts")


@allows(Action.HELP_WRITE)
@require_safe
def texts(request: HttpRequest) -> HttpResponse:
    context = {
        "above": above(request),
        "subjects": Subject.objects.all(),
        "canned": CannedAnswer.objects.select_related("subject", "updated_by"),
    }
    return render(request, "support/contact/texts.html", context)


@allows(Action.HELP_WRITE)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def canned_new(request: HttpRequest) -> HttpResponse:
    return edited(request, CannedForm(request.POST or None), "Ajouter une réponse type")


@allows(Action.HELP_WRITE)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def canned_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(CannedAnswer, pk=pk)
    return edited(request, CannedForm(request.POST or None, instance=row), row.title)


@allows(Action.HELP_WRITE)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def subject_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Subject, pk=pk)
    return edited(request, SubjectForm(request.POST or None, instance=row), row.label)


def edited(request: HttpRequest, form: "ModelForm[Model]", title: str) -> HttpResponse:
    """The form of one text; kept, the list of them all."""
    if request.method == "POST" and form.is_valid():
        try:
            keep(request, form.instance)
        except ContactError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Le texte est enregistré.")
            return redirect("support:texts")
    context = {"above": [*above(request), *trail(TEXTS)], "form": form, "title": title}
    status = 422 if form.errors else 200
    return render(request, "support/contact/text.html", context, status=status)


def keep(request: HttpRequest, row: Model) -> None:
    if isinstance(row, Subject):
        save_subject(by=request.user, subject=row)
    elif isinstance(row, CannedAnswer):
        save_canned_answer(by=request.user, canned=row)


def above(request: HttpRequest) -> list[tuple[str, str]]:
    answers = request.user.may(Action.TICKET_ANSWER)
    return trail(CONTACT, LIST) if answers else trail(CONTACT)
