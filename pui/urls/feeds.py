"""The snapshots of each day, and the reminders that leave by themselves."""

from django.urls import path

from pui.views import reminders, snapshots

SNAPSHOTS, REMINDERS = "region/releves/", "region/relances/"

urlpatterns = [
    path(SNAPSHOTS, snapshots.snapshots, name="snapshots"),
    path(f"{SNAPSHOTS}schema.json", snapshots.snapshot_schema, name="snapshot_schema"),
    path(f"{SNAPSHOTS}<day:day>.csv", snapshots.snapshot_file, name="snapshot_file"),
    path(REMINDERS, reminders.reminders, name="reminders"),
    path(f"{REMINDERS}<slug:code>/regler/", reminders.reminders_set, name="reminders_set"),
    path(f"{REMINDERS}<slug:code>/pause/", reminders.reminders_pause, name="reminders_pause"),
]
