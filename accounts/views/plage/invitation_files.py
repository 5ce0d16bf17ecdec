"""Many invitations by file: the template, the check of every line, one confirmation."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.administrators import idle_places
from accounts.forms import InvitationFileForm
from accounts.invitation_files import LIMITS, check_rows, columns_for, send_all, template_for
from accounts.services.errors import AccountError
from common.carried import SHOWN, carried, carry, refused_file, refused_words
from common.tabular import Row, TabularError, read_table
from establishments.access import allows, as_shown
from establishments.perimeter import Action

SALT = "accounts.invitation_file"
OF_SITES = (
    "Le fichier invite à des établissements : la cellule nationale invite aux administrations, une "
    "personne à la fois."
)


@require_http_methods(["GET", "HEAD", "POST"])
@as_shown
@allows(Action.ACC_INVITE)
def invitation_file(request):
    """Read a file and tell what it would send, or everything wrong in it; nothing leaves yet."""
    require_sites(request.user)
    form = InvitationFileForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return asked(request, form)
    sent = form.cleaned_data["file"]
    try:
        table = read_table(
            sent, columns=columns_for(request.user), filename=sent.name, limits=LIMITS
        )
        checked = check_rows(table.rows, by=request.user)
    except TabularError as refusal:
        form.add_error("file", str(refusal))
        return asked(request, form)
    content = [[row.line_number, row.values] for row in table.rows]
    errors = list(checked.errors.rows())
    context = {
        "title": "Contrôle du fichier",
        "above": above(),
        "checked": checked,
        "shown": checked.to_send[:SHOWN],
        "unknown": table.unknown_columns,
        "content": carry(content, SALT),
    } | refused_words(errors)
    status = 422 if errors else 200
    return render(request, "plage/invitations/file_check.html", context, status=status)


@require_POST
@as_shown
@allows(Action.ACC_INVITE)
def invitation_file_send(request):
    """Send what was shown, all of it or nothing; a second click finds it sent."""
    require_sites(request.user)
    content = carried(request, SALT)
    if content is None:
        return redirect("plage:invitation_file")
    rows = [Row(number, values) for number, values in content]
    try:
        invitations = send_all(rows, by=request.user)
    except (AccountError, TabularError) as refusal:
        messages.error(request, str(refusal))
        return redirect("plage:invitation_file")
    messages.success(request, told(len(invitations)))
    return redirect("plage:invitations")


@require_POST
@allows(Action.ACC_INVITE)
def invitation_file_errors(request):
    """The refused lines, as a file to correct beside."""
    return refused_file(request, back="plage:invitation_file")


@allows(Action.ACC_INVITE)
@require_safe
def invitation_template(request):
    """The workbook to fill; « sans-ape » has a line for each place without an APE."""
    require_sites(request.user)
    if "sans-ape" not in request.GET:
        return template_for(request.user)
    perimeter = request.user.perimeter_to(Action.PROF_DECIDE_APE)
    return template_for(request.user, idle_places(perimeter), ticked=("ape",))


def require_sites(user):
    if not user.perimeter_to(Action.PROF_DECIDE_ETAB):
        raise PermissionDenied(OF_SITES)


def asked(request, form):
    context = {
        "title": "Inviter par fichier",
        "above": above(),
        "form": form,
        "names_ape": request.user.may(Action.PROF_DECIDE_APE),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "plage/invitations/file.html", context, status=status)


def told(count):
    if not count:
        return "Tout était déjà envoyé : rien de plus n’est parti."
    s = "s" if count > 1 else ""
    verb = "partent" if count > 1 else "part"
    return f"{count} invitation{s} {verb}. Chaque lien est valable 72 heures."


def above():
    return [("Invitations", reverse("plage:invitations"))]
