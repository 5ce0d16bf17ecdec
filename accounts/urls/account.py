"""One's own account: allauth's pages under French addresses."""

from django.urls import include, path

urlpatterns = [path("", include("allauth.urls"))]
