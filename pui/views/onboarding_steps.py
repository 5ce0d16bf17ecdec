"""What unblocks the lines: validate them, write to a director, tell the pharmacists."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from common.numbers import row_number
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from pui.models import SwitchOver
from pui.onboarding.people import place_of
from pui.onboarding.steps import Step
from pui.services.onboarding import (
    OnboardingError,
    marks_of,
    ready_lines,
    validate_lines,
)
from pui.services.onboarding_people import mark_letter, tell_pharmacists, to_tell
from pui.views.onboarding_context import line_context, line_of, list_to_fill, trail


@require_http_methods(["GET", "HEAD", "POST"])
@as_shown
@allows(Action.ONB_WRITE)
def onboarding_validate(request: HttpRequest, code: str) -> HttpResponse:
    """All the lines that are ready: what the register gains and loses, then do it."""
    onboarding = list_to_fill(request, code)
    status = 200
    if request.method == "POST":
        try:
            done = validate_lines(
                by=request.user, onboarding=onboarding, seen=request.POST.get("seen", "")
            )
        except OnboardingError as refusal:
            messages.error(request, str(refusal))
            status = 409
        else:
            messages.success(request, validated(len(done)))
            return redirect("pui:onboarding_region", code=code)
    ready = ready_lines(onboarding)
    context = {
        "region": onboarding.region,
        "above": trail(onboarding.region),
        "opened": [one for one in ready if one.step is Step.ADD],
        "closed": [one for one in ready if one.step is Step.DELETE],
        "seen": marks_of(ready),
    }
    return render(request, "dispostock/onboarding/validate.html", context, status=status)


def validated(count: int) -> str:
    s = "s" if count > 1 else ""
    return f"{count} ligne{s} validée{s}\u00a0: le registre des PUI est à jour."


@require_POST
@as_shown
@allows(Action.ONB_WRITE)
def onboarding_validate_line(request: HttpRequest, pk: int) -> HttpResponse:
    """One line."""
    line = line_of(request, pk, to=Action.ONB_WRITE)
    seen = request.POST.get("seen", "")
    try:
        validate_lines(by=request.user, onboarding=line.onboarding, seen=seen, number=line.pk)
    except OnboardingError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, validated(1))
    return redirect("pui:onboarding_line", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@as_shown
@allows(Action.ONB_WRITE)
def onboarding_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter to the director of an establishment without APE, ready to print or to copy."""
    line = line_of(request, pk, to=Action.ONB_WRITE)
    if request.method == "POST":
        try:
            mark_letter(by=request.user, line=line)
        except OnboardingError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "C’est noté\u00a0: le directeur est saisi aujourd’hui.")
        return redirect("pui:onboarding_line", pk=pk)
    region, context = line.onboarding.region, line_context(request, line)
    if apes := context["situation"].people.apes:
        messages.info(request, f"Il y a un APE\u00a0: {apes[0].text}. La lettre n’a plus d’objet.")
        return redirect("pui:onboarding_line", pk=pk)
    context |= {
        "above": trail(region, line),
        "place": place_of(line) or line.legal_entity,
        "switch": SwitchOver.objects.filter(region=region).first(),
        "today": timezone.localdate(),
        "sign_up_link": request.build_absolute_uri("/"),
    }
    return render(request, "dispostock/onboarding/letter.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@as_shown
@allows(Action.ONB_WRITE)
def onboarding_tell(request: HttpRequest, code: str) -> HttpResponse:
    """Whom to tell, with which APE; then the mails leave."""
    onboarding = list_to_fill(request, code)
    status = 200
    if request.method == "POST":
        ticked = {row_number(one) for one in request.POST.getlist("ligne")}
        try:
            count = tell_pharmacists(by=request.user, onboarding=onboarding, chosen=ticked)
        except OnboardingError as refusal:
            messages.error(request, str(refusal))
            status = 409
        else:
            s = "s" if count > 1 else ""
            verb = "partent" if count > 1 else "part"
            messages.success(request, f"{count} courriel{s} {verb}.")
            return redirect("pui:onboarding_region", code=code)
    context = {
        "region": onboarding.region,
        "above": trail(onboarding.region),
        "switch": SwitchOver.objects.filter(region=onboarding.region).first(),
        "people": to_tell(onboarding),
        "only": row_number(request.GET.get("ligne", "")),
    }
    return render(request, "dispostock/onboarding/tell.html", context, status=status)
