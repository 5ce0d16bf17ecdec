"""How the histories forget persons: they only grow for the site, two functions of the owner empty.

``forget_person`` takes what the histories hold of somebody who closed their account long enough
ago and has not logged in since, as the journal tells, and adds to it that it was done.
``forget_old_histories`` takes names, contacts and IP addresses out of every state older than the
delay of the journal. The rows stay, with who, when and what.
"""

from django.apps import apps
from django.conf import settings
from django.db import connection, models

from accounts.services.account import FREED, KEPT
from config.dictionary.personal import TEXT, Kind, kind_of, model_followed

PERSON = "forget_person(bigint)"
HISTORIES = "forget_old_histories()"
TOLD = (Kind.IDENTITY, Kind.CONTACT)
DONE = "account.anonymised"

# Whoever holds the role of the site may add a closing to the journal, and move a profile or an
# invitation to an account that is closed: neither the logins nor the histories can be taken back.
# Five minutes: a login under way while the account is closed, the clocks of two machines.
# An invitation is theirs when they accepted it, or when it waits at an address that was theirs and
# that nobody took since; each gets an address of its own: two may wait in one place.
FORGET_PERSON = """
CREATE OR REPLACE FUNCTION forget_person(p_user bigint)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_profiles bigint[];
    v_invitations bigint[];
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.accounts_user
         WHERE id = p_user AND NOT is_active AND email LIKE '%@{freed}'
    ) OR NOT EXISTS (
        SELECT FROM public.journal_entry AS closed
         WHERE closed.by_id = p_user AND closed.verb = 'account.closed'
           AND closed.at < now() - interval '{days} days'
           AND NOT EXISTS (
               SELECT FROM public.journal_entry AS later
                WHERE later.by_id = p_user AND later.verb = 'account.logged_in'
                  AND later.at > closed.at + interval '5 minutes')
    ) THEN
        RAISE EXCEPTION 'forget_person: this account was not closed by its owner long enough ago';
    END IF;
    v_profiles := ARRAY(
        SELECT id FROM public.accounts_profile AS p
         WHERE user_id = p_user AND NOT EXISTS (
               SELECT FROM public.accounts_profileevent
                WHERE pgh_obj_id = p.id AND user_id <> p_user));
    v_invitations := ARRAY(
        SELECT id FROM public.accounts_invitation AS i
         WHERE (accepted_by_id = p_user
            OR accepted_by_id IS NULL AND lower(email) IN (
               SELECT lower(email) FROM public.accounts_userevent WHERE pgh_obj_id = p_user
               EXCEPT SELECT lower(email) FROM public.accounts_user))
           AND NOT EXISTS (
               SELECT FROM public.accounts_invitationevent
                WHERE pgh_obj_id = i.id AND accepted_by_id <> p_user));
    UPDATE public.accounts_userevent AS e
       SET username = u.username, email = u.email, first_name = '', last_name = '', phone = ''
      FROM public.accounts_user AS u WHERE u.id = p_user AND e.pgh_obj_id = p_user;
    UPDATE public.accounts_profileevent SET email = '', phone = '', address = ''
     WHERE user_id = p_user;
    UPDATE public.orders_registration SET first_name = '', last_name = '', email = '', phone = ''
     WHERE profile_id = ANY(v_profiles);
    UPDATE public.orders_registrationevent
       SET first_name = '', last_name = '', email = '', phone = ''
     WHERE profile_id = ANY(v_profiles);
    UPDATE public.accounts_invitation
       SET email = 'invitation-' || id || '@{freed}', first_name = '', last_name = '', note = ''
     WHERE id = ANY(v_invitations);
    UPDATE public.accounts_invitationevent
       SET email = 'invitation-' || pgh_obj_id || '@{freed}',
           first_name = '', last_name = '', note = ''
     WHERE pgh_obj_id = ANY(v_invitations);
    INSERT INTO public.journal_entry (at, verb, profile, target, finess, region_code,
                                      department_code, details, request_id)
    SELECT clock_timestamp(), '{done}', '', username, '', '', '',
           jsonb_build_object('account', id), ''
      FROM public.accounts_user WHERE id = p_user;
END $$
"""
FORGET_HISTORIES = """
CREATE OR REPLACE FUNCTION forget_old_histories()
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_limit timestamptz := now() - interval '{months} months';
    v_emptied bigint := 0;
    v_rows bigint;
BEGIN
{statements}
    RETURN v_emptied;
END $$
"""
EMPTIED = """    UPDATE public.{table} SET {emptied}
     WHERE {at} < v_limit AND ({filled});
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    v_emptied := v_emptied + v_rows;
"""


def forgetting_statements(role: str) -> list[str]:
    """Make both functions, for this role alone."""
    statements = "".join(_emptied(*one) for one in histories_of_persons())
    statements += EMPTIED.format(
        table="pghistory_context",
        emptied="metadata = metadata - 'address'",
        at="created_at",
        filled="metadata->'address' IS NOT NULL",
    )
    functions = [
        FORGET_PERSON.format(freed=FREED, days=KEPT.days, done=DONE),
        FORGET_HISTORIES.format(months=int(settings.JOURNAL_KEPT_MONTHS), statements=statements),
    ]
    rights = [
        right
        for signature in (PERSON, HISTORIES)
        for right in (
            f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION {signature} TO {role}",
        )
    ]
    return [*functions, *rights]


def histories_of_persons() -> list[tuple[str, list[models.Field]]]:
    """The histories that hold names or contacts, and in which columns."""
    found = []
    for model in apps.get_models():
        if model_followed(model) is model:
            continue
        fields = [
            field
            for field in model._meta.concrete_fields
            if isinstance(field, TEXT) and kind_of(model, field) in TOLD
        ]
        if fields:
            found.append((model._meta.db_table, fields))
    return found


def _emptied(table: str, fields: list[models.Field]) -> str:
    quote = connection.ops.quote_name
    empty = {
        quote(field.column): "'{}'" if isinstance(field, models.JSONField) else "''"
        for field in fields
    }
    return EMPTIED.format(
        table=quote(table),
        emptied=", ".join(f"{column} = {nothing}" for column, nothing in empty.items()),
        at="pgh_created_at",
        filled=" OR ".join(f"{column} <> {nothing}" for column, nothing in empty.items()),
    )
