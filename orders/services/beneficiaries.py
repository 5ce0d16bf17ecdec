"""Keep the list of who orders in step with the directory: category, number [003], region served."""

from datetime import date

from django.db import connection, transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from accounts.models import User
from establishments.models import Establishment, LegalEntity
from establishments.rules import beneficiary_categories
from journal.services import record
from orders.eligibility import is_eligible
from orders.models import Beneficiary

# public or private as ``establishments.rules.is_public`` says, the number as ``ordering_number``
SERVED = """
WITH site AS (
    SELECT e.id, e.legal_entity_id, e.region_id, e.department_id, e.category_id, e.is_main,
           e.opened_on, e.finess,
           COALESCE(s.is_public, CASE
               WHEN e.sph_code NOT IN ('', '9') THEN e.sph_code = '1'
               WHEN e.siret = '' THEN FALSE
               ELSE left(e.siret, 1) IN ('1', '2') END) AS is_public,
           count(*) OVER (PARTITION BY e.legal_entity_id) AS sites
      FROM establishments_establishment e
      JOIN establishments_legalentity j ON j.id = e.legal_entity_id
      LEFT JOIN establishments_legalstatus s ON s.code = j.legal_status_id
     WHERE e.closed_on IS NULL OR e.closed_on > %(on)s
), listed AS (
    SELECT site.*, is_public AND sites > 1 AS by_entity
      FROM site
     WHERE EXISTS (SELECT FROM establishments_beneficiarycategory b
                    WHERE b.category_id = site.category_id AND b.starts_on <= %(on)s
                      AND (b.ends_on IS NULL OR b.ends_on >= %(on)s))
), served AS (
    SELECT id AS establishment_id, NULL::bigint AS legal_entity_id, region_id, department_id,
           category_id
      FROM listed WHERE NOT by_entity
    UNION ALL
    (SELECT DISTINCT ON (l.legal_entity_id) NULL, l.legal_entity_id, j.region_id, j.department_id,
            l.category_id
       FROM listed l JOIN establishments_legalentity j ON j.id = l.legal_entity_id
      WHERE l.by_entity
      ORDER BY l.legal_entity_id, l.is_main DESC, l.category_id <> '355', l.opened_on NULLS LAST,
               l.finess)
), inside AS (
    SELECT served.* FROM served
     WHERE EXISTS (SELECT FROM orders_servedregion r
                    WHERE r.region_id = served.region_id AND r.starts_on <= %(on)s
                      AND (r.ends_on IS NULL OR r.ends_on >= %(on)s))
)
"""
ADD = (
    SERVED
    + """
INSERT INTO orders_beneficiary
    (establishment_id, legal_entity_id, region_id, department_id, category_id, is_listed)
SELECT establishment_id, legal_entity_id, region_id, department_id, category_id, TRUE
  FROM inside i
 WHERE NOT EXISTS (SELECT FROM orders_beneficiary b
                    WHERE b.establishment_id = i.establishment_id
                       OR b.legal_entity_id = i.legal_entity_id)
"""
)
UPDATE = (
    SERVED
    + """
UPDATE orders_beneficiary b
   SET region_id = i.region_id, department_id = i.department_id, category_id = i.category_id,
       is_listed = TRUE
  FROM inside i
 WHERE (b.establishment_id = i.establishment_id OR b.legal_entity_id = i.legal_entity_id)
   AND (b.region_id, b.department_id, b.category_id, b.is_listed)
       IS DISTINCT FROM (i.region_id, i.department_id, i.category_id, TRUE)
"""
)
REMOVE = (  # constants alone, whatever the linter sees
    SERVED  # noqa: S608
    + """
UPDATE orders_beneficiary b
   SET is_listed = FALSE
 WHERE b.is_listed
   AND NOT EXISTS (SELECT FROM inside i WHERE i.establishment_id = b.establishment_id)
   AND NOT EXISTS (SELECT FROM inside i WHERE i.legal_entity_id = b.legal_entity_id)
"""
)


HOSPITAL_FIRST = Case(When(category="355", then=Value(0)), default=Value(1))


@transaction.atomic
def refresh_beneficiaries(*, by: User | None, on: date | None = None) -> dict[str, int]:
    """Add, correct, take off the list; return how many of each (journaled when there are any)."""
    counts = {}
    with connection.cursor() as cursor:
        for name, statement in (("added", ADD), ("changed", UPDATE), ("removed", REMOVE)):
            cursor.execute(statement, {"on": on or timezone.localdate()})
            counts[name] = cursor.rowcount
    if any(counts.values()):
        record("orders.beneficiaries_refreshed", by=by, **counts)
    return counts


def beneficiary_of(place: Establishment | LegalEntity) -> Beneficiary | None:
    """The row under which a place orders; None when it is not on the list under this number."""
    field = "establishment" if isinstance(place, Establishment) else "legal_entity"
    found: Beneficiary | None = Beneficiary.objects.filter(**{field: place}).first()
    return found


@transaction.atomic
def enlist(place: Establishment | LegalEntity) -> bool:
    """Put one place on the list at once, as the next refresh would; False: it is no beneficiary."""
    if not is_eligible(place):
        return False
    site = main_site_of(place) if isinstance(place, LegalEntity) else place
    if site is None:
        return False
    key = "legal_entity" if isinstance(place, LegalEntity) else "establishment"
    about = {
        "region": place.region,
        "department": place.department,
        "category_id": site.category_id,
    }
    row, is_new = Beneficiary.objects.get_or_create(defaults=about, **{key: place})
    if not is_new and not row.is_listed:
        Beneficiary.objects.filter(pk=row.pk).update(is_listed=True)
    return True


def main_site_of(entity: LegalEntity) -> Establishment | None:
    """The establishment whose category an entity orders under, sorted as the statement does."""
    served = beneficiary_categories(timezone.localdate())
    sites = entity.establishments.open().filter(category__in=served)
    found: Establishment | None = sites.order_by(
        "-is_main", HOSPITAL_FIRST, F("opened_on").asc(nulls_last=True), "finess"
    ).first()
    return found
