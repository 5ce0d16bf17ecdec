-- What each establishment holds of each item, gloves by size added up: never the total and the
-- sizes both. When any size holds a value, « Gants » is the sum of its sizes, column by column
-- (blank sizes ignored, all blank stays blank); else the total as typed. Always read with
-- « week = ANY(…) ». Sizes are numbered parent × 100 + n (see EpiItem), Gants is 4.
CREATE OR REPLACE VIEW epi_stocks_effectiveline AS
SELECT week, establishment_id, item_id,
       stock::bigint AS stock, daily::bigint AS daily, supply::bigint AS supply,
       doubts, saved_at, false AS by_size
  FROM epi_stocks_inventoryline
 WHERE item_id < 100 AND item_id <> 4
UNION ALL
SELECT week, establishment_id, 4::smallint,
       CASE WHEN by_size THEN size_stock ELSE total_stock END,
       CASE WHEN by_size THEN size_daily ELSE total_daily END,
       CASE WHEN by_size THEN size_supply ELSE total_supply END,
       CASE WHEN by_size THEN size_doubts ELSE total_doubts END,
       saved_at, by_size
  FROM (
    SELECT week, establishment_id, max(saved_at) AS saved_at,
           coalesce(bool_or(num_nonnulls(stock, daily, supply) > 0)
               FILTER (WHERE item_id >= 100), false) AS by_size,
           sum(stock) FILTER (WHERE item_id >= 100) AS size_stock,
           sum(daily) FILTER (WHERE item_id >= 100) AS size_daily,
           sum(supply) FILTER (WHERE item_id >= 100) AS size_supply,
           bit_or((doubts & 7 & ~(doubts >> 3))::smallint)
               FILTER (WHERE item_id >= 100) AS size_doubts,
           max(stock) FILTER (WHERE item_id = 4)::bigint AS total_stock,
           max(daily) FILTER (WHERE item_id = 4)::bigint AS total_daily,
           max(supply) FILTER (WHERE item_id = 4)::bigint AS total_supply,
           max(doubts) FILTER (WHERE item_id = 4) AS total_doubts
      FROM epi_stocks_inventoryline
     WHERE item_id = 4 OR item_id BETWEEN 401 AND 499
     GROUP BY week, establishment_id
  ) gloves;
