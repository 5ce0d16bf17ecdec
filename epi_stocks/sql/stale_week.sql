-- A week older than those refreshed each time is marked when one of its lines changes (a reopened
-- inventory) or when a coverage that held then changes. The condition stands on the trigger: an
-- ordinary save never calls the function. Marks are only inserted, so nobody waits for anybody.
CREATE OR REPLACE FUNCTION epi_mark_stale_week() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO epi_stocks_staleweek (week, marked_at) VALUES (NEW.week, now());
    RETURN NULL;
END $$;

CREATE TRIGGER epi_mark_stale_week
AFTER INSERT OR UPDATE ON epi_stocks_inventoryline
FOR EACH ROW WHEN (NEW.week < CURRENT_DATE - 13)
EXECUTE FUNCTION epi_mark_stale_week();

CREATE OR REPLACE FUNCTION epi_mark_covered_weeks() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed record;
BEGIN
    IF TG_OP = 'DELETE' THEN changed := OLD; ELSE changed := NEW; END IF;
    INSERT INTO epi_stocks_staleweek (week, marked_at)
    SELECT done.week, now() FROM epi_stocks_summarisedweek AS done
     WHERE done.week < CURRENT_DATE - 13
       AND done.week >= least(changed.first_week,
                              CASE WHEN TG_OP = 'UPDATE' THEN OLD.first_week END)
       AND (changed.last_week IS NULL OR (TG_OP = 'UPDATE' AND OLD.last_week IS NULL)
            OR done.week <= greatest(changed.last_week,
                                     CASE WHEN TG_OP = 'UPDATE' THEN OLD.last_week END));
    RETURN NULL;
END $$;

CREATE TRIGGER epi_mark_covered_weeks
AFTER INSERT OR UPDATE OR DELETE ON epi_stocks_centralcoverage
FOR EACH ROW EXECUTE FUNCTION epi_mark_covered_weeks();
