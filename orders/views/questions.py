"""The address of the questions on orders, that guides print: they are now among all the others."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from establishments.access import public


@public
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    return redirect("support:question_theme", "distrilog", permanent=True)
