"""« Mes données »: what the service holds on a person, that of the apps above accounts too."""

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponse

from accounts.views.own.data import data
from establishments.access import everyone
from support.own_data import parts


@everyone
@reauthentication_required(allow_get=True)
def own_data(request: HttpRequest) -> HttpResponse:
    return data(request, parts)
