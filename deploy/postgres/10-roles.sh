#!/bin/sh
# The two roles of the application, as in the zero-install database (config/devdb).
set -eu
psql -v ON_ERROR_STOP=1 -v owner_password="$OWNER_PASSWORD" -v web_password="$WEB_PASSWORD" \
  --username postgres --dbname postgres <<'SQL'
CREATE ROLE stocks_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE stocks_web LOGIN PASSWORD :'web_password';
ALTER ROLE stocks_web SET statement_timeout = '10s';
ALTER ROLE stocks_web SET lock_timeout = '5s';
ALTER ROLE stocks_web SET idle_in_transaction_session_timeout = '60s';
CREATE DATABASE stocks_sante OWNER stocks_owner;
SQL
