"""What the rules must flag (ruleid) and leave alone (ok): never imported, never run."""
# ruff: noqa


def safe_text(request, name):
    # ruleid: house-safe-text
    mark_safe(name)
    # ruleid: house-safe-text
    SafeString("<b>" + name + "</b>")
    # ok: house-safe-text
    SafeString(conditional_escape(name))
    # ok: house-safe-text
    mark_safe("<br>")


def sql(request, form, cursor):
    name = request.GET["name"]
    # ruleid: house-sql-from-request
    cursor.execute(f"SELECT * FROM journal_entry WHERE verb = '{name}'")
    # ok: house-sql-from-request
    cursor.execute("SELECT * FROM journal_entry WHERE verb = %s", [name])
    # ruleid: house-sql-from-request
    Entry.objects.raw("SELECT " + form.cleaned_data["column"])
    # ruleid: house-sql-by-formatting
    cursor.execute("DELETE FROM %s" % "a", [])
    # ruleid: house-sql-by-formatting
    cursor.execute("DELETE FROM {}".format("a"))
    # ruleid: house-sql-by-formatting
    Entry.objects.extra(where=["verb = 'a'"])


# ruleid: house-csrf-exempt
@csrf_exempt
@everyone
def without_token(request):
    return render(request, "a.html")


# ruleid: house-view-without-access
@require_POST
def without_access(request):
    return render(request, "a.html")


# ok: house-view-without-access
@require_POST
@allows(Action.EPI_READ)
def with_access(request):
    return render(request, "a.html")


def rows(request, finess):
    # ruleid: house-rows-without-perimeter
    Order.objects.all()
    # ok: house-rows-without-perimeter
    Region.objects.all()
    # ok: house-rows-without-perimeter
    get_in_perimeter(Establishment.objects.all(), request.user, to=Action.EPI_READ, finess=finess)


def told(request, form):
    # ruleid: house-log-of-what-was-sent
    logger.info("asked %s", request.POST)
    # ruleid: house-log-of-what-was-sent
    log.warning("for %s", form.cleaned_data["email"])
    # ok: house-log-of-what-was-sent
    logger.info("asked by %s", request.user.pk)


def elsewhere(request):
    # ruleid: house-redirect-from-request
    return redirect(request.GET["next"])


def back(request):
    # ok: house-redirect-from-request
    return redirect(reverse("home"))


def echo(request):
    # ruleid: house-answer-from-request
    return HttpResponse(request.GET["q"])


def rebuilt(request, body):
    # ruleid: house-rebuilt-object
    pickle.loads(body)
    # ruleid: house-rebuilt-object
    eval(body)
    # ruleid: house-rebuilt-object
    exec(body)  # nosemgrep


def called(url):
    # ruleid: house-unverified-tls
    requests.get(url, verify=False, timeout=5)
    # ruleid: house-unverified-tls
    requests.post(url)
    # ok: house-unverified-tls
    requests.post(url, timeout=5)


def file_of(request):
    # ruleid: house-path-from-request
    return open(request.GET["file"])
