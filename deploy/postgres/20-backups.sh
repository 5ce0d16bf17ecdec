#!/bin/sh
# The role that copies the server (10-roles.sh) may come by the network, with its password; it also
# asks, in the database « postgres », where the server stands.
set -eu
line="host replication,postgres stocks_backup all scram-sha-256"
grep -qxF "$line" "$PGDATA/pg_hba.conf" || echo "$line" >>"$PGDATA/pg_hba.conf"
