#!/usr/bin/env bash
# What an operator's script does to give a credential of the lab a new value: set it, write the file that
# a consumer reads, see that the consumer is well, log in with the new one, see the old one refused. The
# accounts are its own, and nothing is kept of a run that dies.
#
#   rotate-by-hand.sh PROJECT SECRETS FILES setup|single|alternating|access-key
set -euo pipefail
umask 077
project=$1 secrets=$2 files=$3

fail() {
  echo "rotate-by-hand: $1" >&2
  exit 1
}

random() { od -An -N20 -tx1 /dev/urandom | tr -d ' \n'; }

# deliver NAME: the content on standard input, in place at once.
deliver() {
  cat >"$files/.$1"
  chown 5880 "$files/.$1"
  mv "$files/.$1" "$files/$1"
}

# psql USER PASSWORD [ARGUMENT...]: by the route of the consumers, for there is no client on this host.
psql() {
  PGPASSWORD=$2 docker exec --interactive --env PGPASSWORD "$project-pg1-1" \
    psql -XAtq -v ON_ERROR_STOP=1 -h haproxy -U "$1" -d postgres "${@:3}"
}

superuser() { psql postgres "$(<"$secrets/delivered/pg1/postgres-superuser")"; }

# mc USER KEY ARGUMENT...
mc() {
  MC_HOST_lab=http://$1:$2@127.0.0.1:9000 docker exec --interactive --env MC_HOST_lab \
    "$project-minio-1" mc --config-dir /dev/shm/mc --quiet "${@:3}"
}

root() { mc lakehouse-root "$(<"$secrets/delivered/minio/minio-root")" "$@"; }

consumer_is_well() {
  local health
  health=$(docker inspect --format '{{.State.Health.Status}}' "$project-canary-1")
  [[ $health == healthy ]] || fail "the canary is $health"
}

# refused WORDS COMMAND...: it fails, and for this reason.
refused() {
  local said
  if said=$("${@:2}" 2>&1 </dev/null); then fail 'the old value is accepted'; fi
  [[ $said =~ $1 ]] || fail "not refused, but: $said"
}

database_refuses() {
  refused 'password authentication failed|not permitted to log in' psql "$1" "$2" -c 'SELECT 1'
}

setup() {
  local value
  value=$(random)
  superuser <<SQL
CREATE ROLE by_hand_single LOGIN PASSWORD '$value';
CREATE ROLE by_hand NOLOGIN;
CREATE ROLE by_hand_a LOGIN PASSWORD '$value' IN ROLE by_hand;
CREATE ROLE by_hand_b NOLOGIN IN ROLE by_hand;
SQL
  echo "$value" | deliver single
  printf '%s\n%s\n' by_hand_a "$value" | deliver alternating
  root admin user add lab by-hand "$(random)"
  root admin policy attach lab bucket-canary --user by-hand
  root admin user svcacct add lab by-hand --access-key by-hand-a --secret-key "$value"
  printf '%s\n%s\n' by-hand-a "$value" | deliver access-key
}

single() {
  local old new
  old=$(<"$files/single") new=$(random)
  superuser <<<"ALTER ROLE by_hand_single PASSWORD '$new'"
  echo "$new" | deliver single
  psql by_hand_single "$new" -c 'SELECT 1' >/dev/null
  consumer_is_well
  superuser <<<"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'by_hand_single'" >/dev/null
  database_refuses by_hand_single "$old"
}

# next_turn NAME: what is delivered, and the login whose turn is next.
next_turn() {
  { read -r old_login && read -r old; } <"$files/$1"
  case $old_login in
    *a) login=${old_login%a}b ;;
    *) login=${old_login%b}a ;;
  esac
  new=$(random)
}

alternating() {
  local old_login old login new
  next_turn alternating
  superuser <<<"ALTER ROLE $login LOGIN PASSWORD '$new'"
  printf '%s\n%s\n' "$login" "$new" | deliver alternating
  psql "$login" "$new" -c 'SELECT 1' >/dev/null
  consumer_is_well
  superuser >/dev/null <<SQL
ALTER ROLE $old_login NOLOGIN PASSWORD NULL;
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = '$old_login';
SQL
  database_refuses "$old_login" "$old"
}

access-key() {
  local old_login old login new
  next_turn access-key
  root admin user svcacct add lab by-hand --access-key "$login" --secret-key "$new" >/dev/null
  printf '%s\n%s\n' "$login" "$new" | deliver access-key
  # Of its own accord it takes memory for parts of 528 MiB, and the container has less.
  mc "$login" "$new" pipe --part-size 5MiB lab/canary/by-hand <<<by-hand >/dev/null
  mc "$login" "$new" cat lab/canary/by-hand >/dev/null
  consumer_is_well
  root admin user svcacct disable lab "$old_login" >/dev/null
  refused 'does not exist in our records|disabled' mc "$old_login" "$old" ls lab/canary
  root admin user svcacct rm lab "$old_login" >/dev/null
}

"$4"
