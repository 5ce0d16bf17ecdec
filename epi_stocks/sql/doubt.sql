-- Why a value is to check, or 0. It warns, it never blocks. ``past`` holds the same cell in the
-- establishment's own earlier weeks (12 at most), the latest first.
--   1, 2, 3: ten, fifty, a hundred times the last value (boxes typed for units, a digit too many)
--   4, 5, 6: a tenth, a fiftieth, a hundredth of it
--   7, 8: unusually high, unusually low
--   9: a stock without consumption, where there was one
--   10: blank where the last week had a value
-- A value is unusual when it is far both from the last one (a lasting change warns once) and from
-- the median of the latest five (one wrong week does not make the next look wrong). How far is
-- measured in logarithms with the establishment's own spread (MAD), between 3.5 and 6 times.
CREATE OR REPLACE FUNCTION epi_doubt(measure text, value integer, stock integer, past integer[])
RETURNS smallint LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    known float8[];
    last_value integer;
    median float8;
    spread float8;
    from_last float8;
    from_median float8;
    limit_used float8;
    fold float8;
BEGIN
    IF value IS NULL THEN
        RETURN CASE WHEN past[1] IS NOT NULL THEN 10 ELSE 0 END;
    END IF;
    SELECT array_agg(ln(one + 1.0) ORDER BY rank) FILTER (WHERE one > 0),
           (array_agg(one ORDER BY rank) FILTER (WHERE one IS NOT NULL))[1]
      INTO known, last_value
      FROM unnest(past) WITH ORDINALITY AS weeks(one, rank);
    IF value = 0 THEN
        RETURN CASE WHEN measure = 'daily' AND stock > 0 AND last_value IS DISTINCT FROM 0
               THEN 9 ELSE 0 END;
    END IF;
    IF known IS NULL THEN
        RETURN 0;
    END IF;
    from_last := ln(value + 1.0) - known[1];
    IF abs(from_last) <= ln(3.5) THEN
        RETURN 0;
    END IF;
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY one) INTO median FROM unnest(known[1:5]) one;
    SELECT 1.4826 * percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(one - median))
      INTO spread FROM unnest(known) one;
    from_median := ln(value + 1.0) - median;
    limit_used := CASE WHEN cardinality(known) < 4 THEN ln(6)
                  ELSE least(greatest(ln(3.5), 3.5 * spread), ln(6)) END;
    IF abs(from_last) < limit_used OR abs(from_median) < limit_used
       OR sign(from_last) <> sign(from_median) THEN
        RETURN 0;
    END IF;
    fold := exp(abs(from_last));
    RETURN CASE WHEN fold BETWEEN 8.5 AND 12 THEN 1
                WHEN fold BETWEEN 42 AND 60 THEN 2
                WHEN fold BETWEEN 85 AND 120 THEN 3
                ELSE 7 END
           + CASE WHEN from_last > 0 THEN 0 WHEN fold BETWEEN 8.5 AND 12
                    OR fold BETWEEN 42 AND 60 OR fold BETWEEN 85 AND 120 THEN 3 ELSE 1 END;
END $$;

-- The past of one cell, for ``epi_doubt``: names its Mondays, as every read of the lines does.
CREATE OR REPLACE FUNCTION epi_past(measure text, on_week date, place bigint, item integer)
RETURNS integer[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (
        SELECT array_agg(CASE measure WHEN 'stock' THEN line.stock WHEN 'daily' THEN line.daily
                         ELSE line.supply END ORDER BY line.week DESC)
          FROM epi_stocks_inventoryline line
         WHERE line.week = ANY(ARRAY[
                   on_week - 7, on_week - 14, on_week - 21, on_week - 28, on_week - 35,
                   on_week - 42, on_week - 49, on_week - 56, on_week - 63, on_week - 70,
                   on_week - 77, on_week - 84])
           AND line.establishment_id = place AND line.item_id = item);
END $$;
