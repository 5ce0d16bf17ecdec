"""What is sent to the pages of the opening, and what it leads to."""

from django.urls import reverse

from accounts.models import Domain, Role
from pui.onboarding.values import typed_of
from pui.services.onboarding import marks_of, ready_lines, validate_lines
from tests.builders import (
    grant,
    make_profile,
    make_user,
)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def address(name, *args):
    return reverse(f"pui:onboarding{name}", args=args)


def sent(line, **cells):
    typed = typed_of(line)
    cells = {"site": typed.finess, "label": typed.label, "ipe": typed.ipe} | cells
    return cells | {"seen": typed.mark}


def opened(ars, line, hospital):
    line.site, line.label = hospital, "PUI CH Blois"
    line.save()
    ready = ready_lines(line.onboarding)
    validate_lines(by=ars.user, onboarding=line.onboarding, seen=marks_of(ready))
    line.refresh_from_db()
    return line


def pharmacist(hospital):
    user = make_user()
    profile = make_profile(user, hospital)
    grant(profile, Domain.DISPOSTOCK, Role.DECLARANT)
    return profile
