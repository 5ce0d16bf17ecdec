"""The catalogue sent as a file, read with a preview; taken away as a file."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from common.carried import carried, carry, refused_words
from common.exports import csv_response, spreadsheet_response, template_response
from common.tabular import TabularError
from establishments.access import allows, as_shown
from establishments.perimeter import Action
from orders.consortium.files import Draft, check, columns_of, read_rows, rows_of, write
from orders.consortium.product_forms import CatalogueFileForm
from orders.consortium.reach import Shelf
from orders.services.errors import OrderingError
from orders.views.products import shelf_or_404, title_of, trail

SALT = "orders.consortium.file"
NOTES = (
    "Une ligne par produit. Une référence connue change le produit\u00a0; une autre l’ajoute.",
    "Les prix valent à partir d’aujourd’hui\u00a0: les commandes déjà transmises gardent le leur.",
    "Stock compté\u00a0: en unités, commandes en cours comprises. Vide\u00a0: il ne change pas.",
    "Un produit absent du fichier reste tel qu’il est\u00a0; «\u00a0non\u00a0» le retire.",
)


@as_shown
@allows(Action.CAT_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def product_import(request: HttpRequest) -> HttpResponse:
    """Send it, read what would change, confirm: nothing is written before."""
    shelf = shelf_or_404(request.user)
    if "content" in request.POST:
        return _confirmed(request, shelf)
    form = CatalogueFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            rows = read_rows(file, file.name, shelf)
        except TabularError as refusal:
            form.add_error("file", str(refusal))
        else:
            return _preview(request, shelf, rows)
    context = {"form": form, "above": trail(shelf), "shelf": shelf}
    status = 422 if form.errors else 200
    return render(request, "orders/consortium/file.html", context, status=status)


def _preview(
    request: HttpRequest, shelf: Shelf, rows: list[dict[str, Any]], changed: str = ""
) -> HttpResponse:
    draft = check(rows, shelf)
    content = {"rows": rows, "seen": draft.mark}
    errors = list(draft.errors.rows())
    context = {
        "shelf": shelf,
        "draft": draft,
        "content": carry(content, SALT),
        "changed": changed,
        "above": trail(shelf),
    } | refused_words(errors)
    status = 409 if changed else 422 if errors else 200
    return render(request, "orders/consortium/file_check.html", context, status=status)


def _confirmed(request: HttpRequest, shelf: Shelf) -> HttpResponse:
    content = carried(request, SALT)
    if content is None:
        return redirect("orders:product_import")
    draft: Draft = check(content["rows"], shelf)
    if not draft.is_any:
        messages.info(request, "Ce fichier est déjà enregistré\u00a0: rien de plus n’est écrit.")
        return redirect("orders:products")
    if draft.mark != content["seen"] or draft.errors.errors:
        said = "Le catalogue a changé depuis l’aperçu\u00a0: relisez, puis confirmez de nouveau."
        return _preview(request, shelf, content["rows"], said)
    try:
        count = write(draft, by=request.user)
    except OrderingError as refusal:
        return _preview(request, shelf, content["rows"], str(refusal))
    s = "s" if count > 1 else ""
    messages.success(request, f"{count} produit{s} enregistré{s}.")
    return redirect("orders:products")


@allows(Action.CAT_WRITE)
@require_safe
def product_template(request: HttpRequest) -> HttpResponse:
    shelf = shelf_or_404(request.user)
    headers = [one.header for one in columns_of(shelf)]
    return template_response(headers, [], NOTES, filename="produits", text_columns=headers[:1])


@allows(Action.CAT_WRITE)
@require_safe
def products_file(request: HttpRequest, kind: str) -> HttpResponse:
    shelf = shelf_or_404(request.user)
    headers = [one.header for one in columns_of(shelf)]
    if kind == "csv":
        return csv_response(headers, rows_of(shelf), filename="produits")
    if kind == "xlsx":
        title = title_of(shelf)
        return spreadsheet_response(title, headers, rows_of(shelf), filename="produits")
    raise Http404
