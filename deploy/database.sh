#!/bin/sh
# Runs once, in the database's container, when its folder is empty: the database and the roles that share it
# (docs/operations.md says who may do what). None of them is a superuser.
set -e
keys=${ASSAY_KEYS:-/keys/database}
psql -v ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" --dbname postgres \
  -v owner="$(cat "$keys/owner")" -v web="$(cat "$keys/web")" \
  -v worker="$(cat "$keys/worker")" -v reader="$(cat "$keys/reader")" <<'SQL'
create role assay login password :'owner';
create role assay_web login password :'web';
create role assay_worker login password :'worker';
create role assay_reader login password :'reader';
create database assay owner assay;
SQL
