"""Pages that belong to no app: the home page and the health of the service."""

from django.http import JsonResponse
from django.shortcuts import render

from establishments.access import public


@public
def home(request):
    return render(request, "home.html")


@public
def health(request):
    return JsonResponse({"status": "ok"})
