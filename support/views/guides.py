"""The start of help, the guides, and each guide as a page or as a PDF: read without logging in."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from common.pdf import NO_PDF, PdfUnavailableError
from establishments.access import public
from support.guides.catalogue import BY_ROLE, FIRST_STEPS, GUIDES, Guide, of_role
from support.guides.document import pdf_of
from support.guides.reading import read
from support.models import Question
from support.questions.reading import themes_with_counts
from support.roles import codes_of
from support.search import find

LONGEST = 200


@public
@require_safe
def hub(request: HttpRequest) -> HttpResponse:
    """Where help begins: search, guides of one's role, questions, forum, contact."""
    text = request.GET.get("recherche", "")[:LONGEST].replace("\x00", "").strip()
    codes = codes_of(request.user)
    own = of_role(codes)
    context = {
        "text": text,
        "groups": find(request.user, text) if text else [],
        "own": own,
        "knows_roles": own != list(FIRST_STEPS),
        "first_steps": FIRST_STEPS,
        "themes": themes_with_counts(),
    }
    return render(request, "support/guides/hub.html", context)


@public
@require_safe
def guides(request: HttpRequest) -> HttpResponse:
    context = {
        "own": [one for one in of_role(codes_of(request.user)) if one not in FIRST_STEPS],
        "first_steps": FIRST_STEPS,
        "by_role": BY_ROLE,
    }
    return render(request, "support/guides/list.html", context)


@public
@require_safe
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    found = _known(slug)
    asked = Question.objects.published().for_roles(found.codes)
    above = [("Guides", reverse("support:guides"))]
    context = {"guide": found, "written": read(found), "questions": asked, "above": above}
    return render(request, "support/guides/guide.html", context)


@public
@require_safe
def guide_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    found = _known(slug)
    try:
        written = pdf_of(found.slug)
    except PdfUnavailableError:
        messages.warning(request, NO_PDF)
        return redirect("support:guide", found.slug)
    answer = HttpResponse(written, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="guide-{found.slug}.pdf"'
    return answer


def _known(slug: str) -> Guide:
    if slug not in GUIDES:
        raise Http404
    return GUIDES[slug]
