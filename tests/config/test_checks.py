"""What must not start."""

import pytest

from config.checks import caches_are_shared, demo_stays_away_from_production

LOCAL = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SHARED = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache"}}


def ids(errors):
    return [error.id for error in errors]


def test_the_demonstration_is_refused_beside_a_production_database(settings):
    settings.DEMO, settings.IS_PRODUCTION = True, True
    assert ids(demo_stays_away_from_production(None)) == ["config.E001"]


def test_the_demonstration_is_refused_under_the_name_of_production(settings):
    settings.DEMO, settings.IS_PRODUCTION = True, False
    settings.ALLOWED_HOSTS = ["stocks.sante.gouv.fr"]
    assert ids(demo_stays_away_from_production(None)) == ["config.E002"]


@pytest.mark.parametrize("demo", [True, False])
def test_the_demonstration_is_welcome_on_its_own_database(settings, demo):
    settings.DEMO, settings.IS_PRODUCTION = demo, False
    assert demo_stays_away_from_production(None) == []


def test_a_cache_of_each_process_is_refused_in_production_only(settings):
    settings.CACHES, settings.IS_PRODUCTION = LOCAL, True
    assert ids(caches_are_shared(None)) == ["config.E003"]
    settings.IS_PRODUCTION = False
    assert caches_are_shared(None) == []
    settings.CACHES, settings.IS_PRODUCTION = SHARED, True
    assert caches_are_shared(None) == []
