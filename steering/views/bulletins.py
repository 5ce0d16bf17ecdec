"""The bulletins of a territory: their list, one of them, its files, its corrections."""

from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from common.exports import csv_response
from common.pdf import NO_PDF, PdfUnavailableError, check_available
from establishments.access import allows, as_shown, refusal
from establishments.perimeter import Action
from journal.services import record
from steering.models import Bulletin
from steering.services import bulletin_documents as documents
from steering.services import bulletins as services
from steering.situation.bulletin_page import BulletinPage, page_for
from steering.situation.files import HEADERS, lines_of
from steering.situation.forms import CorrectionForm, WordForm
from steering.situation.territory import Territory, choices_for, territory_for
from steering.situation.weeks import coming_week, published_at

READERS = (Action.DASH_EPI, Action.DASH_MED, Action.DASH_ORD)
PER_PAGE = 26  # half a year
AWAITED = "attendu"


def territory_of(user: User, code: str) -> Territory:
    """One that has bulletins; a department has none."""
    territory = territory_for(user, code)
    if not territory.has_bulletin:
        raise Http404
    return territory


@allows(*READERS)
@require_safe
def bulletins(request: HttpRequest, code: str) -> HttpResponse:
    """Those published, the last first; for an editor, the word of the next one."""
    territory = territory_of(request.user, code)
    return render(request, "steering/situation/bulletins.html", listed(request, territory))


def listed(
    request: HttpRequest, territory: Territory, form: WordForm | None = None
) -> dict[str, object]:
    rows = Bulletin.objects.of(territory.region).defer("content").latest()
    week = coming_week(timezone.now())
    word = services.prepared_word(territory.region, week)
    return {
        "territory": territory,
        "choices": choices_for(request.user),
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "coming": week,
        "comes_at": published_at(week),
        "word": word,
        "seen": services.stamp_of(word),
        "form": (form or WordForm({"text": word.text} if word else None))
        if services.may_edit(request.user, territory.region)
        else None,
    }


@allows(*READERS)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def bulletin_word(request: HttpRequest, code: str) -> HttpResponse:
    """Prepare « le mot de la cellule » of the next bulletin."""
    territory = editable(request.user, code)
    if request.method != "POST":
        return redirect(territory.address("bulletins"))
    form = WordForm(request.POST)
    if form.is_valid():
        try:
            services.prepare_word(
                territory.region,
                text=form.cleaned_data["text"],
                week=week_of(request.POST.get("semaine", "")),
                seen=request.POST.get("vu", ""),
                by=request.user,
            )
            messages.success(request, "Le mot de la cellule est enregistré.")
            return redirect(territory.address("bulletins"))
        except services.BulletinError as error:
            form.add_error("text", str(error))
    return render(request, "steering/situation/bulletins.html", listed(request, territory, form))


def week_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def editable(user: User, code: str) -> Territory:
    """404 outside, 403 inside without the right to write."""
    territory = territory_of(user, code)
    if not services.may_edit(user, territory.region):
        raise PermissionDenied(refusal(Action.MSG_SEND))
    return territory


def found_page(request: HttpRequest, code: str, week: date) -> BulletinPage:
    territory = territory_of(request.user, code)
    asked = request.GET.get("version", "")
    version = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else None
    page = page_for(request.user, territory, week, version)
    if page is None:
        raise Http404
    return page


@allows(*READERS)
@require_safe
def bulletin(request: HttpRequest, code: str, week: date) -> HttpResponse:
    page = found_page(request, code, week)
    context = {
        "page": page,
        "may_edit": services.may_edit(request.user, page.bulletin.region),
        "is_awaited": request.GET.get("pdf") == AWAITED,
        "has_document": documents.has_document(page),
    }
    return render(request, "steering/situation/bulletin.html", context)


@allows(*READERS)
@require_safe
def bulletin_pdf(request: HttpRequest, code: str, week: date) -> HttpResponse:
    """The same, to print or to send; who took it is in the journal. The task worker draws what
    nobody has asked for yet, and the page says when it is ready."""
    page = found_page(request, code, week)
    document = documents.document_of(page)
    if document is None:
        return awaited(request, page)
    exported(request, page, "pdf")
    headers = {"Content-Disposition": f'attachment; filename="{filename(page)}.pdf"'}
    return HttpResponse(document.content, content_type="application/pdf", headers=headers)


def awaited(request: HttpRequest, page: BulletinPage) -> HttpResponse:
    address = page.territory.address("bulletin", page.bulletin.week)
    try:
        check_available()
    except PdfUnavailableError:
        messages.warning(request, NO_PDF)
        return redirect(address)
    documents.ask_for(page.bulletin, page.content)
    query = urlencode({"version": page.bulletin.version, "pdf": AWAITED})
    return redirect(f"{address}?{query}#pdf")


def filename(page: BulletinPage) -> str:
    version = f"-v{page.bulletin.version}" if page.bulletin.is_corrected else ""
    return f"bulletin-{page.territory.code}-{page.bulletin.week:%Y-%m-%d}{version}"


@allows(*READERS)
@require_safe
def bulletin_csv(request: HttpRequest, code: str, week: date) -> HttpResponse:
    page = found_page(request, code, week)
    exported(request, page, "csv")
    lines = list(lines_of(page.content, page.before))
    return csv_response(HEADERS, lines, filename=filename(page))


def exported(request: HttpRequest, page: BulletinPage, kind: str) -> None:
    record(
        "steering.bulletin_exported",
        by=request.user,
        target=page.bulletin,
        place=page.bulletin,
        format=kind,
        version=page.bulletin.version,
    )


@allows(*READERS)
@as_shown
@require_http_methods(["GET", "HEAD", "POST"])
def bulletin_correct(request: HttpRequest, code: str, week: date) -> HttpResponse:
    """Publish a new version, which says what changed and why."""
    territory = editable(request.user, code)
    page = page_for(request.user, territory, week)
    if page is None:
        raise Http404
    form = CorrectionForm(request.POST or None, initial={"text": page.bulletin.word})
    if request.method == "POST" and form.is_valid():
        try:
            made = corrected(request, page, form)
        except services.BulletinError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"La version {made.version} est publiée.")
            return redirect(territory.address("bulletin", week))
    context = {"page": page, "form": form}
    return render(request, "steering/situation/correct.html", context)


def corrected(request: HttpRequest, page: BulletinPage, form: CorrectionForm) -> Bulletin:
    """``seen`` is the version that the person had before them."""
    chosen, seen = form.cleaned_data, request.POST.get("seen", "")
    shown = next((one for one in page.versions if str(one.version) == seen), page.bulletin)
    return services.correct(
        shown,
        word=chosen["text"],
        reason=chosen["reason"],
        reads_again=chosen["reads_again"],
        by=request.user,
    )
