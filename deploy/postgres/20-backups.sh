#!/bin/sh
# The role that copies the server (10-roles.sh) may come by the network, with its password.
set -eu
line="host replication stocks_backup all scram-sha-256"
grep -qxF "$line" "$PGDATA/pg_hba.conf" || echo "$line" >>"$PGDATA/pg_hba.conf"
