"""A decision in two steps: what is typed, then what it changes and for whom, before it is taken."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import View


@dataclass(frozen=True, slots=True)
class Preview:
    """Sentences to read before confirming; ``warnings`` are those to read first."""

    title: str
    sentences: list[str]
    warnings: list[str] = field(default_factory=list)


def undone(take: Callable[[], Any], look: Callable[[], Any]) -> Any:
    """Take a decision, look at what it makes, and undo it."""
    with transaction.atomic():
        take()
        seen = look()
        transaction.set_rollback(True)
    return seen


class DecisionView(View, ABC):
    """Nothing is written before a preview was read and confirmed; nothing typed is lost.

    ``take`` raises one of ``refusals`` with the sentence to show, or one of ``changes`` when what
    was read (``state``, sent back as ``seen``) is no longer so.
    """

    template_name: ClassVar[str]
    form_class: ClassVar[type[Form]]
    refusals: ClassVar[tuple[type[Exception], ...]]
    changes: ClassVar[tuple[type[Exception], ...]]
    title: str = ""
    action: str = ""
    done: str = ""

    def find(self, **address: Any) -> None:
        """Find what the decision is about."""

    @abstractmethod
    def take(self, form: Form, seen: str | None = None) -> Any:
        """Decide; with ``seen``, only if what was read is still so."""

    @abstractmethod
    def preview(self, form: Form) -> Preview:
        """Tell what the decision would change, or refuse as the decision would."""

    @abstractmethod
    def back(self) -> str:
        """Give the address of the page where one comes from."""

    def above(self) -> list[tuple[str, str]]:
        return []

    def subject(self) -> Any:
        return ""

    def situation(self) -> str:
        return ""

    def state(self) -> str:
        return ""

    def context(self) -> dict[str, Any]:
        """Give what the template shows besides."""
        return {}

    def form_arguments(self) -> dict[str, Any]:
        return {}

    def get(self, request: HttpRequest, **address: Any) -> HttpResponse:
        self.find(**address)
        return self.show(self.form_class(**self.form_arguments()))

    def post(self, request: HttpRequest, **address: Any) -> HttpResponse:
        self.find(**address)
        form = self.form_class(request.POST, **self.form_arguments())
        if "modifier" in request.POST or not form.is_valid():
            return self.show(form, status=200 if "modifier" in request.POST else 422)
        try:
            if "confirmer" in request.POST:
                self.take(form, seen=request.POST.get("seen", ""))
                messages.success(request, self.done)
                return redirect(self.back())
            return self.show(form, preview=self.preview(form))
        except self.changes as changed:
            self.find(**address)
            return self.look_again(form, changed)
        except self.refusals as refusal:
            form.add_error(None, str(refusal))
            return self.show(form, status=422)

    def look_again(self, form: Form, changed: Exception) -> HttpResponse:
        """Somebody decided meanwhile: the preview of now, or why there is none any more."""
        try:
            return self.show(form, preview=self.preview(form), warning=str(changed), status=409)
        except self.refusals as refusal:
            form.add_error(None, str(refusal))
            return self.show(form, warning=str(changed), status=409)

    def show(
        self, form: Form, preview: Preview | None = None, warning: str = "", status: int = 200
    ) -> HttpResponse:
        context = {
            **self.context(),
            "title": self.title,
            "subject": str(self.subject()),
            "situation": self.situation(),
            "action": self.action,
            "form": form,
            "preview": preview,
            "warning": warning,
            "seen": self.state(),
            "kept": [
                (name, value) for name in form.fields for value in self.request.POST.getlist(name)
            ]
            if preview
            else [],
            "above": self.above(),
            "back_url": self.back(),
        }
        return render(self.request, self.template_name, context, status=status)
