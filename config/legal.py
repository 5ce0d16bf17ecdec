"""What a service must publish: site map, accessibility, terms, data, security contact."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from establishments.access import public

SECURITY_CONTACT_LIFETIME = timedelta(days=365)


def page(template: str):
    """Make the view of a page that only has words."""

    @public
    @require_safe
    def view(request):
        context = {
            "kept_months": settings.SUPPORT_KEPT_MONTHS,
            "journal_months": settings.JOURNAL_KEPT_MONTHS,
            "has_replica": bool(settings.DATABASE_REPLICA_URL),
        }
        return render(request, f"legal/{template}.html", context)

    return view


accessibility = page("accessibility")
legal_notice = page("legal_notice")
personal_data = page("personal_data")
cookies = page("cookies")
terms = page("terms")
sitemap = page("sitemap")


@public
@require_safe
def security_contact(request):
    """Tell where to report a weakness (RFC 9116); the date must stay less than a year away."""
    expires = (timezone.now() + SECURITY_CONTACT_LIFETIME).replace(microsecond=0)
    lines = [
        f"Contact: mailto:{settings.CONTACT_EMAIL}",
        f"Expires: {expires.isoformat()}",
        "Preferred-Languages: fr, en",
        f"Canonical: {request.build_absolute_uri(reverse('security_contact'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@public
@require_safe
def robots(request):
    """Only the public pages are for search engines; the rest asks for an account anyway."""
    lines = ["User-agent: *", "Disallow: /comptes/", "Disallow: /profils/", "Disallow: /sante/"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
