"""A model of a first migration is drawn alone, with its links, and nothing else is drawn again."""

from django.conf import settings
from django.db.migrations.state import ProjectState
from django.db.models import CASCADE, BigAutoField, ForeignKey, IntegerField

from common.migrations import CreateFirst

KEY = ("id", BigAutoField(primary_key=True))
POINTED = CreateFirst("Pointed", [KEY])
POINTING = CreateFirst("Pointing", [KEY, ("to", ForeignKey("common.Pointed", CASCADE))])


def test_what_it_points_to_stays_as_it_was_drawn_and_knows_it():
    state = ProjectState()
    POINTED.state_forwards("common", state)
    pointed = state.apps.get_model("common", "Pointed")
    POINTING.state_forwards("common", state)
    pointing = state.apps.get_model("common", "Pointing")
    assert state.apps.get_model("common", "Pointed") is pointed
    assert pointing._meta.get_field("to").related_model is pointed
    assert [one.related_model for one in pointed._meta.related_objects] == [pointing]


def test_the_changes_that_follow_draw_again_as_ever():
    state = ProjectState()
    POINTED.state_forwards("common", state)
    pointed = state.apps.get_model("common", "Pointed")
    state.add_field("common", "pointed", "more", IntegerField(null=True), preserve_default=True)
    assert state.apps.get_model("common", "Pointed") is not pointed


def test_every_model_of_a_first_migration_is_made_so():
    written = sorted(settings.BASE_DIR.glob("*/migrations/0*.py"))
    assert len(written) > 10
    assert [path for path in written if " migrations.CreateModel(" in path.read_text()] == []
