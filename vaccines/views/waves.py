"""What SPF and the pivot hospitals deliver."""

from django.http import Http404, HttpRequest, HttpResponse


def operated(request: HttpRequest) -> HttpResponse:
    raise Http404
