"""The statements behind the page: every one names its Mondays (docs/decisions).

Both begin with SELECT: the history would put its own statement before one that may write, and what
PostgreSQL plans once for all stands alone.
"""

# The site that may declare for others: the one marked, else the hospital, else the oldest.
MAIN_SITE = """
SELECT site.id
  FROM establishments_establishment site
  JOIN establishments_establishmentcategory category ON category.code = site.category_id
 WHERE site.legal_entity_id = {entity} AND site.closed_on IS NULL
 ORDER BY site.is_main DESC, category.aggregate_code LIKE '11%%' DESC,
          site.opened_on NULLS LAST, site.finess
 LIMIT 1
"""

IS_EXPECTED = """EXISTS (
    SELECT FROM epi_stocks_expectedcategory expected
     WHERE expected.category_id = {place}.category_id AND expected.starts_on <= %(week)s
       AND (expected.ends_on IS NULL OR expected.ends_on >= %(week)s))
    AND ({place}.opened_on IS NULL OR {place}.opened_on < %(week)s::date + 7)"""

COVERED_BY = """(
    SELECT declaring.name FROM epi_stocks_centralcoverage coverage
      JOIN establishments_establishment declaring ON declaring.id = coverage.declaring_id
     WHERE coverage.covered_id = {place}.id AND coverage.first_week <= %(week)s
       AND (coverage.last_week IS NULL OR coverage.last_week >= %(week)s))"""

RULE = """(
    SELECT json_build_object(
               'weekday', rule.expected_weekday, 'time', rule.expected_time,
               'closes', rule.closes_after_days, 'carried', rule.carried_weeks)
      FROM epi_stocks_declarationrule rule
     WHERE rule.starts_on <= %(week)s AND (rule.ends_on IS NULL OR rule.ends_on >= %(week)s)
     ORDER BY rule.starts_on DESC LIMIT 1)"""

# A size is not copied over a typed total, nor a total over typed sizes.
COPYABLE = """was.item_id / 100 <> ALL(ARRAY(SELECT item_id FROM filled))
     AND was.item_id <> ALL(ARRAY(SELECT item_id / 100 FROM filled WHERE item_id >= 100))"""

GRID = f"""
SELECT page.found FROM (
WITH place AS (
    SELECT site.*, entity.name AS entity_name
      FROM establishments_establishment site
      JOIN establishments_legalentity entity ON entity.id = site.legal_entity_id
     WHERE site.finess = %(finess)s
), lines AS MATERIALIZED (
    SELECT line.* FROM epi_stocks_inventoryline line
     WHERE line.week = ANY(%(weeks)s) AND line.establishment_id = (SELECT id FROM place)
), earlier AS MATERIALIZED (
    SELECT line.* FROM epi_stocks_inventoryline line
     WHERE line.week = ANY(%(earlier)s) AND line.establishment_id = (SELECT id FROM place)
       AND num_nonnulls(line.stock, line.daily, line.supply) > 0
), before AS (
    SELECT * FROM earlier WHERE week = (SELECT max(week) FROM earlier)
), filled AS (
    SELECT item_id FROM lines WHERE num_nonnulls(stock, daily, supply) > 0
), items AS (
    SELECT item.* FROM epi_stocks_epiitem item
     WHERE item.starts_on <= %(week)s AND (item.ends_on IS NULL OR item.ends_on >= %(week)s)
), days AS MATERIALIZED (
    SELECT found.item_id, found.starts_on, found.shortage, found.critical, found.tense
      FROM epi_stocks_tensionthreshold found
     WHERE found.starts_on <= %(week)s AND (found.ends_on IS NULL OR found.ends_on >= %(week)s)
), doubted AS (
    SELECT line.item_id, cell.measure,
           epi_doubt(cell.measure, cell.value, line.stock, past.cells) AS code,
           (SELECT one FROM unnest(past.cells) one WHERE one IS NOT NULL LIMIT 1) AS last
      FROM lines line
     CROSS JOIN LATERAL (VALUES ('stock', 9, line.stock), ('daily', 18, line.daily),
                                ('supply', 36, line.supply)) cell(measure, bits, value)
     CROSS JOIN LATERAL (
         SELECT epi_past(cell.measure, %(week)s, line.establishment_id, line.item_id) AS cells) past
     WHERE line.doubts & cell.bits > 0
)
SELECT json_build_object(
    'place', json_build_object(
        'id', place.id, 'finess', place.finess, 'name', place.name,
        'entity', place.legal_entity_id, 'entity_name', place.entity_name,
        'region', place.region_id, 'department', place.department_id,
        'closed_on', place.closed_on,
        'is_main', place.id = ({MAIN_SITE.format(entity="place.legal_entity_id")})),
    'header', (SELECT to_json(header) FROM epi_stocks_weeklyinventory header
                WHERE header.week = %(week)s AND header.establishment_id = place.id),
    'headers', (SELECT coalesce(json_agg(json_build_object(
                    'week', header.week, 'is_declared', header.first_saved_at IS NOT NULL,
                    'reopened_until', header.reopened_until)), '[]')
                  FROM epi_stocks_weeklyinventory header
                 WHERE header.week = ANY(%(choices)s) AND header.establishment_id = place.id),
    'rule', {RULE},
    'covered_by', {COVERED_BY.format(place="place")},
    'is_expected', {IS_EXPECTED.format(place="place")},
    'items', (SELECT coalesce(json_agg(json_build_object(
                  'id', item.id, 'code', item.code, 'label', item.label, 'plural', item.plural,
                  'parent', item.parent_id, 'kind', item.size_kind,
                  'thresholds', json_build_array(days.shortage, days.critical, days.tense)
              ) ORDER BY item.rank), '[]')
                FROM items item
                LEFT JOIN LATERAL (
                    SELECT one.* FROM days one
                     WHERE one.item_id IN (item.id, item.parent_id) OR one.item_id IS NULL
                     ORDER BY one.item_id DESC NULLS LAST, one.starts_on DESC
                     LIMIT 1) days ON true),
    'lines', (SELECT coalesce(json_object_agg(line.item_id, json_build_object(
                  'stock', line.stock, 'daily', line.daily, 'supply', line.supply,
                  'doubts', line.doubts, 'saved_at', line.saved_at)), '{{}}')
                FROM lines line WHERE line.item_id IN (SELECT id FROM items)),
    'reasons', (SELECT coalesce(json_object_agg(
                    item_id || '-' || measure, json_build_array(code, last)), '{{}}')
                  FROM doubted),
    'supplies', (SELECT coalesce(json_agg(json_build_array(
                     item_id, source, quantity, is_received) ORDER BY item_id, source), '[]')
                   FROM epi_stocks_expectedsupply
                  WHERE week = %(week)s AND establishment_id = place.id),
    'last_week', (SELECT max(week) FROM earlier),
    'last_lines', (SELECT coalesce(json_object_agg(line.item_id, json_build_object(
                       'stock', line.stock, 'daily', line.daily, 'supply', line.supply)), '{{}}')
                     FROM before line),
    'last_effective', (SELECT coalesce(json_object_agg(held.item_id, held.stock), '{{}}')
                         FROM epi_stocks_effectiveline held
                        WHERE held.week = ANY(ARRAY(SELECT max(week) FROM earlier))
                          AND held.establishment_id = place.id),
    'blank_to_copy', (
        SELECT coalesce(sum((was.stock IS NOT NULL AND now.stock IS NULL)::int
                          + (was.daily IS NOT NULL AND now.daily IS NULL)::int
                          + (was.supply IS NOT NULL AND now.supply IS NULL)::int), 0)
          FROM before was
          JOIN items item ON item.id = was.item_id
          LEFT JOIN lines now ON now.item_id = was.item_id
         WHERE {COPYABLE})) AS found
  FROM place
) page
"""  # noqa: S608 - constants of this file

SITES = f"""
SELECT listed.* FROM (
WITH places AS MATERIALIZED (
    SELECT site.id, site.finess, site.name, site.sort_name, site.is_main, site.category_id,
           site.opened_on, site.legal_entity_id, entity.finess AS entity_finess,
           entity.name AS entity_name, entity.sort_name AS entity_sort_name
      FROM establishments_establishment site
      JOIN establishments_legalentity entity ON entity.id = site.legal_entity_id
     WHERE site.legal_entity_id = ANY(%(entities)s::bigint[])
       AND (site.closed_on IS NULL OR site.closed_on >= %(week)s)
       AND (%(is_national)s OR site.legal_entity_id = ANY(%(own)s::bigint[])
            OR site.region_id = ANY(%(regions)s::text[])
            OR site.department_id = ANY(%(departments)s::text[])
            OR site.id = ANY(%(sites)s::bigint[]))
), held AS MATERIALIZED (
    SELECT line.week, line.establishment_id, line.item_id, line.stock, line.daily, line.supply
      FROM epi_stocks_effectiveline line
     WHERE line.week = ANY(%(weeks)s)
       AND line.establishment_id = ANY(ARRAY(SELECT id FROM places))
       AND num_nonnulls(line.stock, line.daily, line.supply) > 0
), last AS (
    SELECT establishment_id, max(week) AS week FROM held WHERE week < %(week)s
     GROUP BY establishment_id
), missing AS (
    SELECT left_blank.establishment_id,
           sum(left_blank.stock::int + left_blank.daily::int + left_blank.supply::int) AS cells
      FROM (
          SELECT held.establishment_id,
                 count(stock) FILTER (WHERE held.week = last.week)
                 > count(stock) FILTER (WHERE held.week = %(week)s) AS stock,
                 count(daily) FILTER (WHERE held.week = last.week)
                 > count(daily) FILTER (WHERE held.week = %(week)s) AS daily,
                 count(supply) FILTER (WHERE held.week = last.week)
                 > count(supply) FILTER (WHERE held.week = %(week)s) AS supply
            FROM last
            JOIN held USING (establishment_id)
           GROUP BY held.establishment_id, held.item_id) left_blank
     GROUP BY left_blank.establishment_id
), typed AS (
    SELECT line.establishment_id, sum(num_nonnulls(line.stock, line.daily, line.supply)) AS cells,
           array_agg(DISTINCT item.size_kind) FILTER (
               WHERE item.parent_id IS NOT NULL
                 AND num_nonnulls(line.stock, line.daily, line.supply) > 0) AS kinds
      FROM epi_stocks_inventoryline line
      JOIN epi_stocks_epiitem item ON item.id = line.item_id
     WHERE line.week = ANY(ARRAY[%(week)s::date])
       AND line.establishment_id = ANY(ARRAY(SELECT id FROM places))
     GROUP BY line.establishment_id
), offered AS (
    SELECT count(*) FILTER (WHERE parent_id IS NULL) AS totals,
           count(*) FILTER (WHERE size_kind = 'medical') AS medical,
           count(*) FILTER (WHERE size_kind = 'surgical') AS surgical
      FROM epi_stocks_epiitem
     WHERE starts_on <= %(week)s AND (ends_on IS NULL OR ends_on >= %(week)s)
)
SELECT place.id, place.finess, place.name, place.is_main, place.legal_entity_id,
       place.entity_finess, place.entity_name, place.entity_sort_name, place.sort_name,
       {IS_EXPECTED.format(place="place")} AS is_expected,
       coalesce(typed.cells, 0) AS filled,
       3 * (offered.totals - (typed.kinds IS NOT NULL)::int
            + CASE WHEN 'medical' = ANY(typed.kinds) THEN offered.medical ELSE 0 END
            + CASE WHEN 'surgical' = ANY(typed.kinds) THEN offered.surgical ELSE 0 END)
           AS countable,
       coalesce(missing.cells, 0) AS missing, header.first_saved_at, last.week AS last_week,
       {COVERED_BY.format(place="place")} AS covered_by,
       (SELECT coverage.declaring_id FROM epi_stocks_centralcoverage coverage
         WHERE coverage.covered_id = place.id AND coverage.first_week <= %(week)s
           AND (coverage.last_week IS NULL OR coverage.last_week >= %(week)s)) AS covering_id,
       {RULE} AS rule
  FROM places place
 CROSS JOIN offered
  LEFT JOIN typed ON typed.establishment_id = place.id
  LEFT JOIN missing ON missing.establishment_id = place.id
  LEFT JOIN last ON last.establishment_id = place.id
  LEFT JOIN epi_stocks_weeklyinventory header
         ON header.week = %(week)s AND header.establishment_id = place.id
) listed
 ORDER BY listed.entity_sort_name, listed.entity_finess, listed.is_main DESC, listed.sort_name,
          listed.finess
"""  # noqa: S608 - constants of this file
