#!/bin/sh
# The roles of the application. Written by manage.py database_roles --write from
# config/database_roles.py, as the roles of the zero-install database: do not change it by hand.
set -eu
psql -v ON_ERROR_STOP=1 --username postgres --dbname postgres <<'SQL'
SELECT 'CREATE ROLE stocks_owner LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'stocks_owner')\gexec
\getenv owner_password OWNER_PASSWORD
ALTER ROLE stocks_owner PASSWORD :'owner_password';
SELECT 'CREATE ROLE stocks_web LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'stocks_web')\gexec
\getenv web_password WEB_PASSWORD
ALTER ROLE stocks_web PASSWORD :'web_password';
ALTER ROLE stocks_web SET statement_timeout = '10s';
ALTER ROLE stocks_web SET lock_timeout = '5s';
ALTER ROLE stocks_web SET idle_in_transaction_session_timeout = '60s';
SELECT 'CREATE ROLE stocks_reader LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'stocks_reader')\gexec
\getenv reader_password READER_PASSWORD
\if :{?reader_password}
ALTER ROLE stocks_reader PASSWORD :'reader_password';
\endif
ALTER ROLE stocks_reader SET default_transaction_read_only = 'on';
ALTER ROLE stocks_reader SET statement_timeout = '60s';
SELECT 'CREATE ROLE stocks_backup LOGIN REPLICATION' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'stocks_backup')\gexec
\getenv backup_password BACKUP_PASSWORD
\if :{?backup_password}
ALTER ROLE stocks_backup PASSWORD :'backup_password';
\endif
SELECT 'CREATE ROLE stocks_journal NOLOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'stocks_journal')\gexec
SELECT 'CREATE DATABASE stocks_sante OWNER stocks_owner' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'stocks_sante')\gexec
SQL
