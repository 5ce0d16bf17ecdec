"""Requests to decide."""

from django.urls import path
from django.urls.resolvers import URLPattern

from accounts.views.plage import proposals, requests, requests_many

urlpatterns: list[URLPattern] = [
    path("demandes/", requests.request_list, name="requests"),
    path("demandes/ensemble/", requests_many.request_many, name="requests_many"),
    path("demandes/proposer/", proposals.proposal, name="proposal"),
    path("demandes/<int:pk>/", requests.request_detail, name="request"),
    path("demandes/<int:pk>/retirer/", requests.request_withdraw, name="request_withdraw"),
]
