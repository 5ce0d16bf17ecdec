-- Save cells of one grid. One call, one round trip; see docs/decisions for why it is a function.
-- The header is locked first, which makes the saves of one grid follow one another, so that each sees what the
-- one before left: that is what forbids the total of gloves and its sizes both. A size that a
-- person types takes the place of the total; one put there by a copy or an undo never does
-- (``may_blank_total`` false).
CREATE OR REPLACE FUNCTION epi_save_cells(
    person bigint, preferred bigint, on_week date, place bigint, moment timestamptz,
    items integer[], measures text[], new_values integer[], seen_values integer[],
    quiet boolean DEFAULT false, may_blank_total boolean DEFAULT true
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    opened record;
    cells jsonb := '[]';
    touched integer[];
    line epi_stocks_inventoryline;
    was epi_stocks_inventoryline;
    item integer;
    one record;
    held integer;
    verdict text;
    code smallint;
    last integer;
    bit_of integer;
    is_counted boolean;
    by_size boolean;
    is_total_kept boolean;
    is_filled boolean := false;
    is_written boolean := false;
    total_blanked boolean := false;
BEGIN
    SELECT * INTO opened FROM epi_open_grid(person, preferred, on_week, place, moment);
    IF opened.refusal IS NOT NULL THEN
        RETURN jsonb_build_object('refusal', opened.refusal);
    END IF;

    touched := ARRAY(SELECT DISTINCT unnest(items) ORDER BY 1);
    FOREACH item IN ARRAY touched LOOP
        by_size := false;
        is_total_kept := false;
        SELECT starts_on <= on_week AND (ends_on IS NULL OR ends_on >= on_week) INTO is_counted
          FROM epi_stocks_epiitem WHERE id = item;
        SELECT * INTO was FROM epi_stocks_inventoryline
         WHERE week = on_week AND establishment_id = place AND item_id = item;
        IF item = 4 THEN
            by_size := EXISTS (
                SELECT FROM epi_stocks_inventoryline size
                 WHERE size.week = on_week AND size.establishment_id = place
                   AND size.item_id BETWEEN item * 100 + 1 AND item * 100 + 99
                   AND num_nonnulls(size.stock, size.daily, size.supply) > 0)
                OR EXISTS (
                SELECT FROM unnest(items, new_values) AS typed(item_id, value)
                 WHERE typed.item_id / 100 = item AND typed.value IS NOT NULL);
        ELSIF item >= 100 AND NOT may_blank_total THEN
            is_total_kept := EXISTS (
                SELECT FROM epi_stocks_inventoryline total
                 WHERE total.week = on_week AND total.establishment_id = place
                   AND total.item_id = item / 100
                   AND num_nonnulls(total.stock, total.daily, total.supply) > 0);
        END IF;
        line := was;
        line.doubts := coalesce(was.doubts, 0);
        is_written := false;
        FOR one IN
            SELECT DISTINCT ON (typed.measure) typed.measure, typed.value, typed.seen
              FROM unnest(items, measures, new_values, seen_values)
                   WITH ORDINALITY AS typed(item_id, measure, value, seen, rank)
             WHERE typed.item_id = item
             ORDER BY typed.measure DESC, typed.rank DESC
        LOOP
            held := CASE one.measure WHEN 'stock' THEN was.stock WHEN 'daily' THEN was.daily
                    ELSE was.supply END;
            verdict := CASE
                WHEN is_counted IS NOT TRUE THEN 'not_counted'
                WHEN held IS NOT DISTINCT FROM one.value THEN 'kept'
                WHEN by_size AND one.value IS NOT NULL THEN 'sizes'
                WHEN held IS DISTINCT FROM one.seen THEN 'conflict'
                WHEN is_total_kept AND one.value IS NOT NULL THEN 'conflict'
                ELSE 'saved' END;
            code := 0;
            last := NULL;
            IF verdict = 'saved' THEN
                is_written := true;
                IF one.measure = 'stock' THEN line.stock := one.value; bit_of := 1;
                ELSIF one.measure = 'daily' THEN line.daily := one.value; bit_of := 2;
                ELSE line.supply := one.value; bit_of := 4;
                END IF;
                IF NOT (quiet AND one.value IS NULL) THEN
                    code := epi_doubt(one.measure, one.value, line.stock,
                                      epi_past(one.measure, on_week, place, item));
                END IF;
                line.doubts := line.doubts & ~(bit_of | bit_of << 3)
                               | CASE WHEN code > 0 THEN bit_of ELSE 0 END;
                held := one.value;
            END IF;
            IF code > 0 THEN
                SELECT past INTO last FROM unnest(epi_past(one.measure, on_week, place, item)) past
                 WHERE past IS NOT NULL LIMIT 1;
            END IF;
            cells := cells || jsonb_build_object(
                'item', item, 'measure', one.measure, 'verdict', verdict, 'value', held,
                'doubt', code, 'last', last);
        END LOOP;
        CONTINUE WHEN NOT is_written;
        IF line.daily = 0 AND line.doubts & 16 = 0 THEN
            code := epi_doubt('daily', 0, line.stock, epi_past('daily', on_week, place, item));
            line.doubts := line.doubts & ~2 | CASE WHEN code > 0 THEN 2 ELSE 0 END;
        END IF;
        is_filled := is_filled OR num_nonnulls(line.stock, line.daily, line.supply) > 0;
        INSERT INTO epi_stocks_inventoryline AS kept
            (week, establishment_id, item_id, stock, daily, supply, doubts,
             saved_at, saved_by_id, saved_profile_id)
        VALUES (on_week, place, item, line.stock, line.daily, line.supply, line.doubts,
                moment, person, opened.granting)
        ON CONFLICT (week, establishment_id, item_id) DO UPDATE SET
            stock = EXCLUDED.stock, daily = EXCLUDED.daily, supply = EXCLUDED.supply,
            doubts = EXCLUDED.doubts, saved_at = EXCLUDED.saved_at,
            saved_by_id = EXCLUDED.saved_by_id, saved_profile_id = EXCLUDED.saved_profile_id;
        IF item >= 100 AND num_nonnulls(line.stock, line.daily, line.supply) > 0 THEN
            UPDATE epi_stocks_inventoryline
               SET stock = NULL, daily = NULL, supply = NULL, doubts = 0,
                   saved_at = moment, saved_by_id = person, saved_profile_id = opened.granting
             WHERE week = on_week AND establishment_id = place AND item_id = item / 100
               AND num_nonnulls(stock, daily, supply) > 0;
            total_blanked := total_blanked OR FOUND;
        END IF;
    END LOOP;

    IF is_filled AND opened.first_saved_at IS NULL THEN
        UPDATE epi_stocks_weeklyinventory SET first_saved_at = moment
         WHERE week = on_week AND establishment_id = place AND first_saved_at IS NULL;
    END IF;
    RETURN jsonb_build_object('cells', cells, 'total_blanked', total_blanked)
           || epi_saved_rows(on_week, place, touched);
END $$;

-- « C’est exact »: settle the doubt on the very value that was seen. Refused where typing is.
CREATE OR REPLACE FUNCTION epi_confirm_doubt(
    person bigint, on_week date, place bigint, moment timestamptz,
    item integer, measure text, seen integer, bit_of integer
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    opened record;
BEGIN
    SELECT * INTO opened FROM epi_open_grid(person, NULL, on_week, place, moment);
    IF opened.refusal IS NOT NULL THEN
        RETURN jsonb_build_object('refusal', opened.refusal);
    END IF;
    UPDATE epi_stocks_inventoryline line SET doubts = line.doubts & ~bit_of | bit_of << 3
     WHERE line.week = on_week AND line.establishment_id = place AND line.item_id = item
       AND line.doubts & bit_of > 0
       AND seen IS NOT DISTINCT FROM CASE measure WHEN 'stock' THEN line.stock
           WHEN 'daily' THEN line.daily ELSE line.supply END;
    RETURN jsonb_build_object('is_confirmed', FOUND);
END $$;

-- What the page needs after a save: the rows of ``items`` (each once, in order) and of what their
-- sizes add up to, with their thresholds, and how many cells of the grid are filled.
CREATE OR REPLACE FUNCTION epi_saved_rows(on_week date, place bigint, items integer[])
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    item integer;
    total integer;
    shown integer[] := items;
    saved_rows jsonb := '[]';
BEGIN
    FOREACH item IN ARRAY items LOOP
        total := item / 100;
        CONTINUE WHEN total = 0 OR total = ANY(shown);
        shown := total || shown;
    END LOOP;
    FOREACH item IN ARRAY shown LOOP
        saved_rows := saved_rows || epi_saved_row(on_week, place, item);
    END LOOP;
    RETURN jsonb_build_object('rows', saved_rows, 'filled', (
        SELECT coalesce(sum(num_nonnulls(stock, daily, supply)), 0)
          FROM epi_stocks_inventoryline
         WHERE week = on_week AND establishment_id = place));
END $$;

-- One row of a grid: the sum of its sizes when any holds a value, else what was typed; an empty
-- array when there is no line.
CREATE OR REPLACE FUNCTION epi_saved_row(on_week date, place bigint, item integer)
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    line record;
    days record;
BEGIN
    SELECT sum(stock) AS stock, sum(daily) AS daily, sum(supply) AS supply,  -- bigint, below too
           bit_or(doubts) AS doubts, true AS by_size INTO line
      FROM epi_stocks_inventoryline
     WHERE week = on_week AND establishment_id = place
       AND item_id BETWEEN item * 100 + 1 AND item * 100 + 99
       AND num_nonnulls(stock, daily, supply) > 0;
    IF line.doubts IS NULL THEN
        SELECT stock::bigint AS stock, daily::bigint AS daily, supply::bigint AS supply,
               doubts, false AS by_size INTO line
          FROM epi_stocks_inventoryline
         WHERE week = on_week AND establishment_id = place AND item_id = item;
        IF NOT FOUND THEN
            RETURN '[]';
        END IF;
    END IF;
    SELECT found.shortage, found.critical, found.tense INTO days
      FROM epi_stocks_tensionthreshold found
     WHERE (found.item_id IN (item, item / 100) OR found.item_id IS NULL)
       AND found.starts_on <= on_week
       AND (found.ends_on IS NULL OR found.ends_on >= on_week)
     ORDER BY found.item_id DESC NULLS LAST, found.starts_on DESC
     LIMIT 1;
    RETURN jsonb_build_object(
        'item', item, 'stock', line.stock, 'daily', line.daily, 'supply', line.supply,
        'doubts', line.doubts, 'by_size', line.by_size,
        'thresholds', jsonb_build_array(days.shortage, days.critical, days.tense));
END $$;
