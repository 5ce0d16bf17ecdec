-- These functions are plpgsql even where one query suffices: it keeps the plan of the query from one
-- call to the next, which PostgreSQL does for the functions written in SQL from 18 on only, and
-- for more.
--
-- The profile under which a person may fill the inventory of a place, or none: any active profile
-- with the habilitation « Opérateur d’inventaire EPI » on the place's legal entity or one of its
-- sites [002]. The SQL twin of the cell « epi.write, OIE, J » of the access matrix.
CREATE OR REPLACE FUNCTION epi_granting_profile(
    person bigint, entity bigint, preferred bigint, today date
) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT profile.id
          FROM accounts_profile profile
          LEFT JOIN establishments_establishment own ON own.id = profile.establishment_id
         WHERE profile.user_id = person AND profile.state = 'active'
           AND coalesce(profile.legal_entity_id, own.legal_entity_id) = entity
           AND EXISTS (
               SELECT FROM accounts_habilitation one
                WHERE one.profile_id = profile.id AND one.state = 'active'
                  AND one.domain = 'epi_stock' AND one.role = 'inventory_operator'
                  AND (one.starts_on IS NULL OR one.starts_on <= today)
                  AND (one.ends_on IS NULL OR one.ends_on >= today))
         ORDER BY (profile.id = preferred) DESC NULLS LAST, profile.id
         LIMIT 1);
END $$;

-- Why nothing may be typed for a week: 'future', 'closed', or null. Closing is at midnight in
-- Paris, whatever the server's clock says; a reopening lifts it until its end.
CREATE OR REPLACE FUNCTION epi_week_refusal(on_week date, reopened_until timestamptz, moment timestamptz)
RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN CASE
        WHEN on_week > (moment AT TIME ZONE 'Europe/Paris')::date THEN 'future'
        WHEN reopened_until > moment THEN NULL
        WHEN moment >= (on_week + coalesce((
            SELECT rule.closes_after_days FROM epi_stocks_declarationrule rule
             WHERE rule.starts_on <= on_week AND (rule.ends_on IS NULL OR rule.ends_on >= on_week)
             ORDER BY rule.starts_on DESC LIMIT 1), 14))::timestamp AT TIME ZONE 'Europe/Paris'
        THEN 'closed'
    END;
END $$;

-- Open one grid to one person: the profile that lets them type, or why they may not. Every write
-- begins here. The header is locked before the coverage is read, so that a site is never covered
-- and declaring at once.
CREATE OR REPLACE FUNCTION epi_open_grid(
    person bigint, preferred bigint, on_week date, place bigint, moment timestamptz,
    OUT refusal text, OUT granting bigint, OUT first_saved_at timestamptz
) LANGUAGE plpgsql AS $$
DECLARE
    site record;
    header record;
BEGIN
    SELECT id, legal_entity_id, closed_on INTO site
      FROM establishments_establishment WHERE id = place;
    IF NOT FOUND THEN
        refusal := 'unknown';
        RETURN;
    END IF;
    granting := epi_granting_profile(
        person, site.legal_entity_id, preferred, (moment AT TIME ZONE 'Europe/Paris')::date);
    SELECT kept.reopened_until, kept.first_saved_at INTO header
      FROM epi_stocks_weeklyinventory kept
     WHERE kept.week = on_week AND kept.establishment_id = place;
    first_saved_at := header.first_saved_at;
    refusal := CASE WHEN granting IS NULL THEN 'right'
                    WHEN site.closed_on < on_week THEN 'closed_establishment'
                    ELSE epi_week_refusal(on_week, header.reopened_until, moment) END;
    IF refusal IS NOT NULL THEN
        RETURN;
    END IF;
    INSERT INTO epi_stocks_weeklyinventory AS kept (week, establishment_id, reason)
    VALUES (on_week, place, '')
    ON CONFLICT (week, establishment_id) DO UPDATE SET reason = kept.reason WHERE false;
    IF EXISTS (SELECT FROM epi_stocks_centralcoverage coverage
                WHERE coverage.covered_id = place AND coverage.first_week <= on_week
                  AND (coverage.last_week IS NULL OR coverage.last_week >= on_week)) THEN
        refusal := 'covered';
    END IF;
END $$;
