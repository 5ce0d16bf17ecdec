from django.http import Http404
from django.views.decorators.http import require_safe

from establishments.access import allows
from establishments.perimeter import Action


@allows(Action.VAC_READ)
@require_safe
def followed(request):
    raise Http404
