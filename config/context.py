"""What every page shows: the product's name, the menu of the person, the profile in use."""

from django.conf import settings


def site(request):
    return {
        "SITE_CONFIG": {"site_title": settings.PRODUCT_NAME},
        "PRODUCT_NAME": settings.PRODUCT_NAME,
    }
