"""`/plage/`, as guides print it: the first section that the person meets."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect

from accounts.sections import sections_of
from establishments.access import everyone


@everyone
def start(request):
    sections = sections_of(request.user)
    if not sections:
        raise PermissionDenied(
            "PLAGE s’ouvre à qui administre des profils\u00a0: celui que vous utilisez n’en "
            "administre aucun."
        )
    return redirect(sections[0].url)
