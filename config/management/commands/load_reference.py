"""The reference data of every app: territories, nomenclatures, items, calendars. Idempotent."""

from django.core.management.base import BaseCommand
from django.db import transaction

from epi_stocks.services.reference import load_epi_reference
from establishments.services.reference import load_territories
from medications.services.reference import load_medication_reference
from orders.services.carriers import load_carriers
from orders.services.reference import load_served_regions
from orders.services.reference_doctrine import load_doctrine
from steering.services.alert_reference import load_alert_rules
from support.services.forum.themes import load_themes
from support.services.question_reference import load_questions
from support.services.reference import load_contact_reference
from vaccines.services.reference import load_target_groups


class Command(BaseCommand):
    help = "Charge les données de référence ; relancée, elle ne change que ce qui diffère."

    @transaction.atomic
    def handle(self, *args, **options):
        load_territories()
        load_medication_reference()
        load_epi_reference()
        load_target_groups()
        load_served_regions()
        load_doctrine()
        load_carriers()
        load_contact_reference()
        load_questions()
        load_alert_rules()
        load_themes()
        self.stdout.write("Les données de référence sont chargées.")
