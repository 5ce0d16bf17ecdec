"""The accounts of the national size: 100,000 establishments, of which 30,000 declare, 80,000
accounts, 3,400 requests that wait and 40,000 closed, 300,000 lines of journal.
"""

from django.core.management import call_command
from django.db import connection, transaction

from bench import nation
from config.demo.national import ENTITIES, SITES

PLACES, ACCOUNTS, ENTRIES = 30_000, 80_000, 300_000
SIZES = {"accounts": ACCOUNTS, "places": PLACES, "entries": ENTRIES}
FIRST = "{Camille,Inès,Nadia,Thomas,Hélène,Julien,Sofia,Éric,Maud,Rémi,Élise,Karim,Lucie,Denis}"
LAST = (
    "{Martin,Bernard,Dubois,Thomas,Robert,Richard,Petit,Durand,Leroy,Moreau,Simon,Laurent,Lefèvre,"
    "Michel,Garcia,David,Bertrand,Roux,Vincent,Fournier,Morel,Girard,André,Mercier,Dupont,Lambert,"
    "Bonnet,François,Martinez,Legrand,Garnier,Faure,Rousseau,Blanc,Guérin,Muller,Henry,Roussel}"
)
PEOPLE = """
INSERT INTO accounts_user
       (password, is_superuser, username, first_name, last_name, is_staff, is_active, date_joined,
        email, phone, public_id)
SELECT '!', false, 'banc.' || n, (%(first)s::text[])[1 + n %% 14],
       (%(last)s::text[])[1 + n / 14 %% 38] || CASE WHEN n %% 3 = 0 THEN '-' || upper(to_hex(n))
       ELSE '' END, false, true, now() - n * interval '1 hour',
       'banc.' || n || '@ch-' || n %% 4001 || '.example', '', gen_random_uuid()
  FROM generate_series(1, %(accounts)s) n
"""
ADDRESSES = """
INSERT INTO account_emailaddress (email, verified, "primary", user_id)
SELECT email, true, true, id FROM accounts_user WHERE username LIKE 'banc.%%'
"""
# three people out of four on a site, the others on an entity; one in five has a second profile
PROFILES = """
INSERT INTO accounts_profile
       (user_id, establishment_id, legal_entity_id, state, email, phone, address, requested_at,
        reason)
SELECT person.id, CASE WHEN person.n %% 4 > 0 THEN site.id END,
       CASE WHEN person.n %% 4 = 0 THEN site.legal_entity_id END,
       CASE WHEN person.n %% 25 = 0 THEN 'suspended' WHEN person.n %% 27 = 0 THEN 'pending'
            ELSE 'active' END, '', '', '', now(), ''
  FROM (SELECT id, substr(username, 6)::int + %(shift)s AS n FROM accounts_user
         WHERE username LIKE 'banc.%%' AND substr(username, 6)::int %% %(every)s = 0) person
  JOIN establishments_establishment site
    ON site.finess = '9S' || lpad((person.n::bigint * 7919 %% %(places)s)::text, 7, '0')
    ON CONFLICT DO NOTHING
"""
RIGHTS = """
INSERT INTO accounts_habilitation
       (profile_id, domain, role, legal_kinds, fields_of_care, state, requested_at, reason,
        is_automatic)
SELECT id, given[1], given[2], '{}', '{}',
       CASE WHEN state = 'pending' THEN 'pending' ELSE 'active' END, now(), '', false
  FROM (SELECT id, state, CASE id %% 4
               WHEN 0 THEN '{epi_stock,inventory_operator}'::text[]
               WHEN 1 THEN '{dispostock,declarant}'::text[]
               WHEN 2 THEN '{distrilog,order_operator}'::text[]
               ELSE '{administration,administrator}'::text[] END AS given
          FROM accounts_profile) AS held
"""
REQUESTS = """
INSERT INTO accounts_accessrequest (profile_id, level, note, asked_by_id, asked_at, reminders,
       outcome, reason)
SELECT id, CASE WHEN id %% 4 = 3 THEN 'ars' ELSE 'entity' END, '', user_id,
       now() - id %% 900 * interval '1 hour', 0, '', ''
  FROM accounts_profile WHERE state = 'pending'
"""
ASKED = """
UPDATE accounts_habilitation held SET request_id = asked.id
  FROM accounts_accessrequest asked
 WHERE held.profile_id = asked.profile_id AND held.state = 'pending'
"""
# one active profile in two was asked for and accepted; some sites in fifteen have an invitation
CLOSED = """
INSERT INTO accounts_accessrequest (profile_id, level, note, asked_by_id, asked_at, reminders,
       outcome, reason, closed_at, decided_by_id)
SELECT id, CASE WHEN id %% 4 = 3 THEN 'ars' ELSE 'entity' END, '', user_id,
       now() - id * interval '10 minutes', 0, 'accepted', '',
       now() - id * interval '10 minutes' + interval '1 hour',
       (SELECT min(id) FROM accounts_user WHERE username LIKE 'banc.%%')
  FROM accounts_profile WHERE state = 'active' AND id %% 2 = 0
"""
INVITATIONS = """
INSERT INTO accounts_invitation (email, first_name, last_name, establishment_id, level, rights,
       note, nonce, invited_by_id, created_at, sent_at, expires_at, accepted_at)
SELECT 'invite.' || finess || '@ch.example', 'Inès', 'Dubois', id, 'ars',
       '[{"domain": "administration", "role": "administrator", "starts_on": null,'
       ' "ends_on": null}]'::jsonb, '', md5(finess),
       (SELECT min(id) FROM accounts_user WHERE username LIKE 'banc.%%'),
       now() - id * interval '1 minute', now() - id * interval '1 minute',
       now() + interval '72 hours' - id * interval '1 minute',
       CASE WHEN id %% 2 = 0 THEN now() - id * interval '30 seconds' END
  FROM establishments_establishment WHERE id %% 15 = 0
"""
JOURNAL = """
INSERT INTO journal_entry (at, verb, by_id, profile, target, finess, region_code, department_code,
       details, request_id)
SELECT now() - n * interval '3 minutes',
       ('{account.request_accepted,account.profile_suspended,epi.saved,account.logged_in}'
        ::text[])[1 + n %% 4],
       person.id, site.name, person.username || ' · ' || site.name, site.finess, site.region_id,
       site.department_id, '{"granted": ["Lecteur EPI-Stocks"]}', ''
  FROM generate_series(1, %(entries)s) n
  JOIN accounts_user person ON person.username = 'banc.' || (1 + n::bigint * 31 %% %(accounts)s)
  JOIN establishments_establishment site
    ON site.finess = '9S' || lpad((n::bigint * 7919 %% %(places)s)::text, 7, '0')
"""
TABLES = (
    "accounts_user",
    "accounts_profile",
    "accounts_habilitation",
    "accounts_accessrequest",
    "accounts_invitation",
)
OF_ONE_ENTITY = ("accounts_profile", "accounts_invitation")


def build() -> None:
    """Fill the database, the histories left aside: nobody measures them here."""
    call_command("load_reference", verbosity=0)
    entities = -(-PLACES // 3)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for table in OF_ONE_ENTITY:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER take_region")
        cursor.execute(ENTITIES, {"entities": entities})
        cursor.execute(SITES, {"sites": 3, "places": PLACES})
        others = {"missing": nation.DIRECTORY - PLACES, "entities": entities}
        cursor.execute(nation.OTHERS, others)
        cursor.execute(PEOPLE, {"first": FIRST, "last": LAST, "accounts": ACCOUNTS})
        cursor.execute(ADDRESSES, {})
        cursor.execute("ANALYZE accounts_user, establishments_establishment")
        for every, shift in ((1, 0), (5, 13)):
            cursor.execute(PROFILES, {"every": every, "shift": shift, "places": PLACES})
        for statement in (RIGHTS, REQUESTS, ASKED, CLOSED, INVITATIONS, JOURNAL):
            cursor.execute(statement, SIZES)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
