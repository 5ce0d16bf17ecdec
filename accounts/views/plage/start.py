"""`/plage/`, as guides print it: the first section that the person meets."""

from django.shortcuts import redirect
from django.urls import reverse

from accounts.sections import sections_of
from establishments.access import everyone


@everyone
def start(request):
    """Who administers nothing is led to the page that says why, and whom to ask."""
    sections = sections_of(request.user)
    if not sections:
        return redirect(f"{reverse('access')}?application=administrer")
    return redirect(sections[0].url)
