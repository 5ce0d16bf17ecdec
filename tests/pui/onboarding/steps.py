"""What the tests of the opening of pharmacies do again and again."""

from accounts.models import Domain, Role
from common.tabular import Row
from pui.models import OnboardingLine
from pui.onboarding.board import lines_of, situations_of
from pui.onboarding.values import Typed, typed_of
from pui.services.onboarding import (
    apply_file,
    fill_line,
    marks_of,
    ready_lines,
    state_of,
    validate_lines,
)
from pui.services.onboarding_national import make_lists
from tests.builders import (
    grant,
    make_profile,
    make_user,
)

Action, Source = OnboardingLine.Action, OnboardingLine.Source


ALL = frozenset({"24"})


def make(nation, told, codes=ALL):
    numbered = {name: list(enumerate(rows, start=2)) for name, rows in told.items()}
    return make_lists(by=nation, told=numbered, region_codes=codes)


def step_of(line):
    return situations_of([lines_of(OnboardingLine.objects.all()).get(pk=line.pk)])[0].step


def filled(site, label="PUI CH Blois", action=Action.KEEP, ipe=""):
    return Typed(action, site.finess, label, ipe)


def fill(agent, line, typed):
    return fill_line(by=agent, line=line, typed=typed, seen=typed_of(line).mark)


def validate(agent, onboarding):
    ready = ready_lines(onboarding)
    return validate_lines(by=agent, onboarding=onboarding, seen=marks_of(ready))


def opened(agent, onboarding, line, site):
    """A line validated, at the step of its people."""
    fill(agent, line, filled(site))
    validate(agent, onboarding)
    line.refresh_from_db()
    return line


def make_ape(site):
    user = make_user()
    grant(make_profile(user, site), Domain.ADMINISTRATION, Role.ADMINISTRATOR)
    return user


def make_gf(site, logged_in=None):
    user = make_user(last_login=logged_in)
    grant(make_profile(user, site), Domain.DISPOSTOCK, Role.DECLARANT)
    return user


def row_of(line, **cells):
    typed = typed_of(line)
    values = {
        "action": None,
        "site": typed.finess or None,
        "label": typed.label or None,
        "ipe": typed.ipe or None,
        "mark": f"{line.pk}-{typed.mark}",
    }
    return Row(2, values | cells)


def apply(agent, onboarding, rows):
    return apply_file(by=agent, onboarding=onboarding, rows=rows, seen=state_of(onboarding))
