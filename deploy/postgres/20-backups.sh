#!/bin/sh
# The role that copies the whole server for the backups: it replicates, and reads no table.
set -eu
psql -v ON_ERROR_STOP=1 -v backup_password="$BACKUP_PASSWORD" --username postgres --dbname postgres <<'SQL'
SELECT 'CREATE ROLE stocks_backup LOGIN REPLICATION'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'stocks_backup')\gexec
ALTER ROLE stocks_backup PASSWORD :'backup_password';
SQL
line="host replication stocks_backup all scram-sha-256"
grep -qxF "$line" "$PGDATA/pg_hba.conf" || echo "$line" >>"$PGDATA/pg_hba.conf"
