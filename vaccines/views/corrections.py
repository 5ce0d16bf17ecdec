"""What the agencies and OMEDITs follow."""

from django.http import Http404, HttpRequest, HttpResponse


def followed(request: HttpRequest) -> HttpResponse:
    raise Http404
