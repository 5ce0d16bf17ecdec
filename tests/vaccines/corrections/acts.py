"""Corrections as the tests ask for them, by the services and as a browser sends them."""

import csv
import io

from django.test import Client

from vaccines.corrections.places import place_of
from vaccines.corrections.planning import Target
from vaccines.models import LineReport, SupplyLine
from vaccines.services.corrections import (
    NewLine,
    create_line,
    move_lines,
    remove_lines,
    restore_lines,
)

WHY = "Affectée au mauvais établissement"


def seen(*lines):
    return {line.pk: place_of(line) for line in lines}


def move(by, *lines, to=None, pui=None, reason=WHY):
    done = move_lines(by=by, seen=seen(*lines), target=Target(to, pui), reason=reason)
    for line in lines:
        line.refresh_from_db()
    return done


def remove(by, *lines, removal=SupplyLine.Removal.OFFICINE, reason=""):
    remove_lines(by=by, seen=seen(*lines), removal=removal, reason=reason)
    for line in lines:
        line.refresh_from_db()


def restore(by, *lines, reason="Supprimée par erreur"):
    restore_lines(by=by, seen=seen(*lines), reason=reason)
    for line in lines:
        line.refresh_from_db()


def create(by, wave, recipient, flow="A", *, pivot=None, pui=None, reason="Ligne oubliée"):
    return create_line(by=by, new=NewLine(wave, recipient, flow, pivot, pui), reason=reason)


def report(country, kind=None, **fields):
    """As a pharmacy may: of a line of its own, else of a recipient that has none."""
    if line := fields.get("line"):
        fields |= {"recipient": line.recipient, "wave": line.wave}
    kind = kind or (LineReport.Kind.MISPLACED if line else LineReport.Kind.MISSING)
    fields.setdefault("recipient", country.roseraie)
    fields.setdefault("comment", "Nous ne desservons pas cet EHPAD.")
    return LineReport.objects.create(
        pui=country.saint_aubin, kind=kind, told_by=country.gf, **fields
    )


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def rows_of(answer):
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content), delimiter=";"))
