#!/bin/sh
# Stops the embedded PostgreSQL when no process uses it any more. It is a process of its own because those that
# use the server may be killed at any moment.
#   $1 folder of the server (see postgres-folder.ts)   $2 pid of its postmaster
# A process writes uses/PID first and then looks for `stopping`; this loop writes `stopping` first and then looks
# at uses/ again. So one of the two always sees the other, and no server is stopped under somebody's feet.
dir=$1
server=$2
idle=0

alive() { [ -d "/proc/$1" ] || kill -0 "$1" 2>/dev/null; }

in_use() {
  for file in "$dir"/uses/*; do
    [ -e "$file" ] || continue
    alive "${file##*/}" && return 0
    rm -f "$file"
  done
  return 1
}

while sleep 2; do
  # Gone, or another server's turn.
  alive "$server" && [ "$(head -n 1 "$dir/data/postmaster.pid" 2>/dev/null)" = "$server" ] || exit 0
  if in_use; then
    idle=0
    continue
  fi
  idle=$((idle + 1))
  [ "$idle" -ge 3 ] || continue
  echo $$ >"$dir/stopping"
  if in_use; then
    rm -f "$dir/stopping"
    idle=0
    continue
  fi
  kill -INT "$server"
  while alive "$server"; do sleep 0.2; done
  rm -f "$dir/stopping"
  exit 0
done
