"""The one way for the role of the site to remove entries of the journal: those past their delay.

Run with the rights of the owner, who writes the delay in it (``JOURNAL_KEPT_MONTHS``): whoever
holds the role of the site can ask for a longer delay, never for a shorter one, and only for the
oldest batches, whole and in order. What was removed is told by a row that it alone may write.
"""

from django.conf import settings

SIGNATURE = "purge_journal(bigint, bigint, bigint, integer, timestamptz, text, text)"
FUNCTION = """
CREATE OR REPLACE FUNCTION purge_journal(
    p_first bigint, p_last bigint, p_count bigint, p_months integer, p_at timestamptz,
    p_key text, p_mac text
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_limit timestamptz := now() - make_interval(months => GREATEST(p_months, {months}));
    v_from bigint;
    v_to bigint;
    v_removed bigint;
BEGIN
    IF p_months < {months}
       OR p_at NOT BETWEEN now() - interval '1 hour' AND now() + interval '1 hour'
       OR p_first <> (SELECT COALESCE(max(last), 0) + 1 FROM public.journal_purge) THEN
        RAISE EXCEPTION 'journal_purge: refused';
    END IF;
    SELECT first_id INTO v_from FROM public.journal_seal WHERE number = p_first;
    SELECT last_id INTO v_to FROM public.journal_seal WHERE number = p_last AND at < v_limit;
    IF v_from IS NULL OR v_to IS NULL OR EXISTS (
        SELECT FROM public.journal_entry WHERE id BETWEEN v_from AND v_to AND at >= v_limit
    ) THEN
        RAISE EXCEPTION 'journal_purge: these entries are not past their delay';
    END IF;
    PERFORM set_config('pgtrigger.ignore', '{{{trigger}}}', true);
    DELETE FROM public.journal_entry WHERE id BETWEEN v_from AND v_to;
    GET DIAGNOSTICS v_removed = ROW_COUNT;
    PERFORM set_config('pgtrigger.ignore', '{{}}', true);
    INSERT INTO public.journal_purge (first, last, count, months, at, key, mac)
    VALUES (p_first, p_last, p_count, p_months, p_at, p_key, p_mac);
    RETURN v_removed;
END $$
"""


def purge_statements(role: str, trigger: str) -> list[str]:
    """Make the function, for this role alone; ``trigger`` is the one that refuses removals."""
    return [
        FUNCTION.format(months=int(settings.JOURNAL_KEPT_MONTHS), trigger=trigger),
        f"REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO {role}",
        f"REVOKE INSERT ON journal_purge FROM {role}",
    ]
