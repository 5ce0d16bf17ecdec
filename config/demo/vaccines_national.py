"""The supply lines of a country of the real size, made in the database: 50,000 in eight waves."""

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from config.demo.national import unguarded
from config.demo.vaccines_waves import SPF
from vaccines.models import SupplyLine, Vaccine, Wave

WAVES, LINES = 8, 50_000
TABLE = "vaccines_supplyline"
# one recipient of each wave in seven is of flow B; the last two waves wait for needs or deliveries
FILL = """
WITH place AS (
    SELECT site.id, site.region_id, row_number() OVER (ORDER BY site.id) AS rank
      FROM establishments_establishment site
     WHERE site.closed_on IS NULL AND site.region_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM pui_pui own WHERE own.establishment_id = site.id)
     ORDER BY site.id LIMIT %(places)s
), pharmacy AS (
    SELECT pui.id, site.region_id,
           row_number() OVER (PARTITION BY site.region_id ORDER BY pui.id) - 1 AS rank,
           count(*) OVER (PARTITION BY site.region_id) AS total
      FROM pui_pui pui JOIN establishments_establishment site ON site.id = pui.establishment_id
     WHERE pui.closed_on IS NULL
)
INSERT INTO vaccines_supplyline
       (wave_id, flow, pivot_id, pui_id, recipient_id, first_doses, second_doses, comment,
        expected_on, planned_doses, planned_at, shipped_on, shipped_doses, gap_reason, removal,
        removal_reason)
SELECT %(wave)s, CASE WHEN place.rank %% 7 = 0 THEN 'B' ELSE 'A' END,
       CASE WHEN place.rank %% 7 = 0 THEN pharmacy.id END, pharmacy.id, place.id,
       CASE WHEN %(told)s THEN 12 + place.rank %% 90 END, CASE WHEN %(told)s THEN 0 END, '',
       CASE WHEN %(planned)s THEN %(day)s::date END,
       CASE WHEN %(planned)s THEN 12 + place.rank %% 90 END,
       CASE WHEN %(planned)s THEN now() END,
       CASE WHEN %(shipped)s THEN %(day)s::date END,
       CASE WHEN %(shipped)s THEN 12 + place.rank %% 90 END, '', '', ''
  FROM place
  JOIN pharmacy ON pharmacy.region_id = place.region_id
               AND pharmacy.rank = place.rank %% pharmacy.total
    ON CONFLICT DO NOTHING
"""


def build_national_lines(lines: int = LINES) -> int:
    """Eight waves, a week apart, the last one in two weeks; say how many lines there are."""
    vaccine = Vaccine.objects.first()
    if vaccine is None:
        return 0
    with transaction.atomic(), unguarded(TABLE):
        for rank in range(WAVES):
            _fill(vaccine, rank, lines // WAVES)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {TABLE}")
    return SupplyLine.objects.count()


def _fill(vaccine: Vaccine, rank: int, places: int) -> None:
    day = timezone.localdate() + timedelta(days=14 - 7 * (WAVES - 1 - rank))
    wave, _ = Wave.objects.get_or_create(
        label=f"Vague nationale {rank + 1}",
        defaults={
            "vaccine": vaccine,
            "delivers_on": day,
            "needs_due_at": timezone.now() + timedelta(days=7 * (rank - WAVES + 2)),
            "opened_by": User.objects.get(email=SPF),
        },
    )
    parameters = {
        "wave": wave.pk,
        "places": places,
        "day": day,
        "told": rank < WAVES - 1,
        "planned": rank < WAVES - 2,
        "shipped": rank < WAVES - 3,
    }
    with connection.cursor() as cursor:
        cursor.execute(FILL, parameters)
