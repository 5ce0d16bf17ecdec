"""The rules of the house, on every file of ours."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from establishments.perimeter import PerimeterQuerySet

ROOT = Path(settings.BASE_DIR)
FLOORS = {
    "common": -1,
    "journal": 0,
    "monitoring": 0,
    "establishments": 1,
    "accounts": 2,
    "medications": 3,
    "pui": 4,
    "epi_stocks": 5,
    "vaccines": 5,
    "orders": 6,
    "steering": 7,
    "support": 7,
}
APPS = [*FLOORS, "config"]
NATIONAL = {  # the same rows for everybody: nomenclatures, national rules, technical state
    "journal.Seal",
    "journal.Purge",
    "establishments.Region",
    "establishments.Department",
    "establishments.AdministrativeBody",
    "establishments.EstablishmentCategory",
    "establishments.LegalStatus",
    "establishments.BeneficiaryCategory",
    "establishments.FinessImport",
    "establishments.FinessRemark",
    "accounts.OidcApplication",
    "medications.Substance",
    "medications.ReferenceProduct",
    "medications.Product",
    "medications.Presentation",
    "medications.AlternateCode",
    "medications.MonitoredList",
    "medications.Monitoring",
    "medications.ReportingRule",
    "medications.CoverRule",
    "epi_stocks.EpiItem",
    "epi_stocks.ExpectedCategory",
    "epi_stocks.TensionThreshold",
    "epi_stocks.DeclarationRule",
    "epi_stocks.SummarisedWeek",
    "epi_stocks.StaleWeek",
    "pui.SummarisedDue",
    "pui.Publication",
    "pui.OpenStock",
    "vaccines.TargetGroup",
    "vaccines.Vaccine",
    "vaccines.VialDoses",
    "vaccines.FluCampaign",
    "vaccines.Wave",
    "accounts.SentMail",
    "orders.Carrier",
    "orders.OrderingRule",
    "orders.ServedRegion",
    "orders.Platform",
    "orders.Tension",
    "orders.Doctrine",
    "orders.DoctrineGroup",
    "orders.GroupCategory",
    "orders.Ratio",
    "orders.Allocation",
    "orders.RegionFactor",
    "orders.Product",
    "orders.SummarisedOrders",
    "orders.Reroute",
    "orders.ProductPrice",
    "orders.SupplyAgreement",
    "orders.InvoiceSeries",
    "orders.Recipient",
    "steering.Release",
    "steering.Statistic",
    "steering.BulletinDocument",
    "support.Subject",
    "support.CannedAnswer",
    "support.MailboxChange",
    "support.Announcement",
    "support.TextVersion",
    "support.Question",
    "support.QuestionOpinion",
    "steering.AlertRule",
    "support.ForumTheme",
    "support.ForumTopic",
    "support.ForumPost",
    "support.ForumImage",
    "monitoring.Traffic",
    "monitoring.Total",
    "monitoring.Fault",
    "monitoring.SlowStatement",
}
PERSONAL = {  # rows of people, shown to themselves and to those who administer them
    "accounts.User",
    "accounts.Profile",
    "accounts.Habilitation",
    "accounts.AccessRequest",
    "accounts.Invitation",
    "accounts.RequestNotice",
    "accounts.ApiToken",
    "accounts.SignOn",
    "journal.Entry",
    "epi_stocks.InventoryImport",
    "orders.Registration",
    "orders.CapacityImport",
    "steering.MessageFile",
    "steering.Reading",
    "steering.Mailing",
    "steering.AlertPreference",
    "steering.DigestSending",
    "steering.DigestSubscription",
    "steering.Visit",
    "support.ForumVote",
    "support.ForumReport",
    "support.ForumReader",
    "support.ForumFollow",
    "support.ForumRead",
}


def sources(app):
    return [path for path in ROOT.joinpath(app).rglob("*.py") if "migrations" not in path.parts]


EVERY_SOURCE = [path for app in APPS for path in sources(app)]
JOURNEYS = sorted(ROOT.joinpath("tests", "browser").rglob("test_*.py"))
TEMPLATES = sorted(ROOT.joinpath("templates").rglob("*.html"))


def name_of(path):
    return str(path.relative_to(ROOT))


def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def imports_in(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]


def imported_apps(node):
    if isinstance(node, ast.ImportFrom):
        return {(node.module or "").split(".")[0]}
    return {name.name.split(".")[0] for name in node.names}


@pytest.mark.parametrize("app", FLOORS)
def test_an_app_imports_only_from_the_floors_below(app):
    wrong = {
        f"{name_of(path)} imports {other}"
        for path in sources(app)
        for node in imports_in(tree_of(path))
        for other in imported_apps(node) & set(APPS) - {app}
        if other == "config" or FLOORS[other] >= FLOORS[app]
    }
    assert wrong == set()


def test_every_app_of_ours_has_a_floor():
    ours = {app.name for app in apps.get_app_configs() if Path(app.path).parent == ROOT}
    assert ours == set(APPS)


@pytest.mark.parametrize("path", EVERY_SOURCE, ids=name_of)
def test_imports_are_whole_and_stand_at_the_top(path):
    tree = tree_of(path)
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    inside = [node.lineno for one in functions for node in imports_in(one)]
    relative = [n.lineno for n in imports_in(tree) if isinstance(n, ast.ImportFrom) and n.level]
    assert (inside, relative) == ([], [])


@pytest.mark.parametrize("path", EVERY_SOURCE, ids=name_of)
def test_nothing_happens_by_signal(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"@receiver|_(save|delete|init|migrate)\.connect\(|signals import", text)


def test_every_model_has_a_perimeter_or_says_why_not():
    without = {
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in FLOORS
        and not hasattr(model, "pgh_tracked_model")
        and not isinstance(model._default_manager.all(), PerimeterQuerySet)
    }
    assert without == NATIONAL | PERSONAL


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_page_has_no_script_style_nor_handler_inside(path):
    html = re.sub(r"{%.*?%}|{{.*?}}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    scripts = [tag for tag in re.findall(r"<script\b[^>]*>", html) if "src=" not in tag]
    inline = [tag for tag in scripts if "application/json" not in tag]
    styles = re.findall(r"<style\b|\sstyle\s*=", html)
    handlers = re.findall(r"<[^>]*\son[a-z]+\s*=", html)
    assert (inline, styles, handlers) == ([], [], [])


@pytest.mark.parametrize("path", EVERY_SOURCE, ids=name_of)
def test_nothing_is_left_to_do(path):
    assert not re.search(r"\b(TODO|FIXME|XXX)\b", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", JOURNEYS, ids=name_of)
def test_a_journey_waits_for_what_it_reads(path):
    """These of Playwright answer at once, even on a page half come: ``expect`` waits."""
    hasty = r"\.(count|all_inner_texts|all_text_contents|is_visible|is_hidden)\(|page\.content\("
    assert not re.search(hasty, path.read_text(encoding="utf-8"))
