"""What the tests of the large files share: a file, its deposit, the worker, its page."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from common.weeks import current_week
from epi_stocks.models import InventoryImport, InventoryLine

WEEK = current_week()
DEPOSIT = reverse("epi_stocks:inventory_import")
State = InventoryImport.State


def inventory_file(*places, stock="1200", name="inventaire.csv"):
    header = "FINESS;Consommable;Stock;Consommation;Approvisionnement"
    rows = [f"{place.finess};Masques FFP2;{stock};;" for place in places]
    return SimpleUploadedFile(name, "\n".join([header, *rows]).encode())


def after(task, row):
    task(row.pk)
    row.refresh_from_db()
    return row


def act(client, row, what, **data):
    address = reverse(f"epi_stocks:inventory_import_{what}", args=[row.pk])
    return client.post(address, data, follow=True)


def text_of(response):
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def page_of(client, row):
    return text_of(client.get(reverse("epi_stocks:inventory_import_followed", args=[row.pk])))


def waiting_jobs():
    todo = ProcrastinateJob.objects.filter(status="todo").order_by("id")
    return list(todo.values_list("task_name", flat=True))


def declared_stocks():
    return sorted(InventoryLine.objects.values_list("stock", flat=True))


def deposit(client, *places, **options):
    """Send a file for this week; its row is the person's latest."""
    sent = inventory_file(*places, **options)
    client.post(DEPOSIT, {"week": str(WEEK), "file": sent})
    return InventoryImport.objects.filter(by=client.user).first()
