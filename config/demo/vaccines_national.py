"""The supply lines of a country of the real size, made in the database: 50,000 in eight waves."""

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from config.demo.national import unguarded
from config.demo.vaccines_flu import build_flu
from config.demo.vaccines_needs import SPF
from vaccines.models import SupplyLine, Vaccine, Wave

WAVES, LINES = 8, 50_000
LINE_TABLE, RECEPTION_TABLE = "vaccines_supplyline", "vaccines_reception"
NAME = "Vague nationale"
# the same recipients in each wave, which recalls the one before; one in seven is of flow B, from
# the first pharmacy of its department. The last wave waits for needs, the one before for a plan.
FILL = """
WITH place AS (
    SELECT site.id, site.region_id, site.department_id, row_number() OVER (ORDER BY site.id) AS rank
      FROM establishments_establishment site
     WHERE site.closed_on IS NULL AND site.region_id IS NOT NULL AND site.category_id = '500'
       AND NOT EXISTS (SELECT FROM pui_pui own WHERE own.establishment_id = site.id)
     ORDER BY site.id LIMIT %(places)s
), pharmacy AS (
    SELECT pui.id, site.region_id, site.department_id,
           row_number() OVER (PARTITION BY site.region_id ORDER BY pui.id) - 1 AS rank,
           count(*) OVER (PARTITION BY site.region_id) AS total
      FROM pui_pui pui JOIN establishments_establishment site ON site.id = pui.establishment_id
     WHERE pui.closed_on IS NULL
), pivot AS (
    SELECT department_id, min(id) AS id FROM pharmacy GROUP BY department_id
), line AS (
    SELECT place.id AS recipient_id, pharmacy.id AS pui_id, place.rank, before.id AS recalled_id,
           CASE WHEN place.rank %% 7 = 0 THEN pivot.id END AS pivot_id,
           CASE WHEN place.rank %% 5 >= %(told)s THEN NULL
                WHEN before.id IS NULL THEN 12 + place.rank %% 90 ELSE place.rank %% 7 END AS first,
           CASE WHEN place.rank %% 5 >= %(told)s THEN NULL
                ELSE coalesce(before.vaccinated, 0) END AS second
      FROM place
      JOIN pharmacy ON pharmacy.region_id = place.region_id
                   AND pharmacy.rank = place.rank %% pharmacy.total
      LEFT JOIN pivot ON pivot.department_id = place.department_id
      LEFT JOIN vaccines_supplyline before
             ON before.recipient_id = place.id AND before.wave_id = %(previous)s
            AND before.removed_at IS NULL
)
INSERT INTO vaccines_supplyline
       (wave_id, flow, pivot_id, pui_id, recipient_id, recalled_id, first_doses, second_doses,
        comment, need_at, expected_on, planned_doses, planned_at, shipped_on, shipped_doses,
        vaccinated, received_whole_at, gap_reason, removal, removal_reason)
SELECT %(wave)s, CASE WHEN pivot_id IS NULL THEN 'A' ELSE 'B' END, pivot_id, pui_id, recipient_id,
       recalled_id, first, second, '', CASE WHEN first IS NOT NULL THEN now() END,
       CASE WHEN %(planned)s THEN %(day)s::date END, CASE WHEN %(planned)s THEN first + second END,
       CASE WHEN %(planned)s THEN now() END, CASE WHEN %(shipped)s THEN %(day)s::date END,
       CASE WHEN %(shipped)s THEN first + second END,
       CASE WHEN %(received)s THEN first + rank %% 3 END,
       CASE WHEN %(received)s THEN now() END, '', '', ''
  FROM line
    ON CONFLICT DO NOTHING
"""
# one delivery in five comes in two lots
RECEIVE = """
INSERT INTO vaccines_reception
       (line_id, received_on, doses, lot, expires_on, gtin, told_at, told_by_id)
SELECT line.id, line.shipped_on, line.shipped_doses / part.parts + CASE WHEN part.rank = 1
       THEN line.shipped_doses %% part.parts ELSE 0 END, 'NAT' || line.id %% 97 || part.rank,
       line.shipped_on + 30 + (line.id %% 60)::int, '', now(), %(by)s
  FROM vaccines_supplyline line
 CROSS JOIN LATERAL (SELECT rank, 1 + (line.id %% 5 = 0)::int AS parts
                       FROM generate_series(1, 1 + (line.id %% 5 = 0)::int) rank) part
 WHERE line.wave_id = %(wave)s AND line.received_whole_at IS NOT NULL AND line.shipped_doses > 1
   AND NOT EXISTS (SELECT FROM vaccines_reception known WHERE known.line_id = line.id)
"""


def build_national_lines(lines: int = LINES) -> int:
    """Eight waves, a week apart, the last one in two weeks; say how many lines there are.

    The seasons of flu too, for as many pharmacies.
    """
    build_flu()
    vaccine = Vaccine.objects.first()
    if vaccine is None:
        return 0
    with transaction.atomic(), unguarded(LINE_TABLE), unguarded(RECEPTION_TABLE):
        previous = None
        for rank in range(WAVES):
            previous = _fill(vaccine, rank, lines // WAVES, previous)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return SupplyLine.objects.count()


def _fill(vaccine: Vaccine, rank: int, places: int, previous: Wave | None) -> Wave:
    left = WAVES - 1 - rank
    day = timezone.localdate() + timedelta(days=14 - 7 * left)
    by = User.objects.get(email=SPF)
    wave, _ = Wave.objects.get_or_create(
        label=f"{NAME} {rank + 1}",
        defaults={
            "vaccine": vaccine,
            "delivers_on": day,
            "needs_due_at": timezone.now() + timedelta(days=7 - 7 * left, hours=-1),
            "opened_by": by,
        },
    )
    parameters = {
        "wave": wave.pk,
        "previous": previous.pk if previous else None,
        "places": places,
        "day": day,
        "told": 5 if left else 3,
        "planned": left > 1,
        "shipped": left > 1,
        "received": left > 2,
        "by": by.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(FILL, parameters)
        cursor.execute(RECEIVE, parameters)
    return wave
