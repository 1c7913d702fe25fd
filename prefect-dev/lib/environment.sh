# shellcheck shell=bash disable=SC2034
# What the four commands share: where things are, and how to tell what runs. Sourced by bash (3.2, which macOS has, too).
# Paths may hold spaces; nothing but the home and the user's profiles file is ever written.

DEV_HOME=${PREFECT_DEV_HOME:-${FLOX_ENV_CACHE:+$FLOX_ENV_CACHE/prefect-dev}}
DEV_HOME=${DEV_HOME:-${XDG_STATE_HOME:-$HOME/.local/state}/prefect-dev}
case $DEV_HOME in /*) ;; *) DEV_HOME=$PWD/$DEV_HOME ;; esac

# In the order of their start.
PARTS=(postgres redis server)
# A file that marks the folder as ours, so that a reset deletes no other.
MARK=$DEV_HOME/.prefect-dev
STOP_SECONDS=30

say() { printf '%s\n' "$@"; } # one line each
fail() { printf 'prefect-dev: %s\n' "$*" >&2; exit 1; }
usage_error() { printf '%s\n' "$1" "Try '$(basename "$0") --help'." >&2; exit 2; }

log_of() { printf '%s' "$DEV_HOME/$1.log"; }
port_of() { cat "$DEV_HOME/$1.port" 2>/dev/null || true; }
url_of() {
  local port
  port=$(port_of "$1")
  [ -n "$port" ] || return 0
  case $1 in
    postgres) printf 'postgresql://prefect@127.0.0.1:%s/prefect' "$port" ;;
    redis) printf 'redis://127.0.0.1:%s/0' "$port" ;;
    server) printf 'http://127.0.0.1:%s/api' "$port" ;;
  esac
}

# When a process began: with its id it names one process for ever, whatever gets the id later. Nothing for a dead one that
# nobody has fetched yet.
birth_of() {
  LC_ALL=C ps -o stat= -o lstart= -p "$1" 2>/dev/null | sed -n -e '/^ *Z/d' -e 's/^ *[^ ]* *//' -e 's/ *$//p' | tr -s ' ' || true
}

# The id of the part's process, or nothing when it does not run (any more).
pid_of() {
  local pid birth
  if [ "$1" = postgres ]; then
    { read -r pid < "$DEV_HOME/postgres/postmaster.pid"; } 2>/dev/null || return 0
    case $(ps -o stat= -o args= -p "$pid" 2>/dev/null) in
      Z*) ;;
      *"$DEV_HOME/postgres"*) printf '%s' "$pid" ;;
    esac
    return 0
  fi
  { { read -r pid && read -r birth; } < "$DEV_HOME/$1.pid"; } 2>/dev/null || return 0
  [ "$(birth_of "$pid")" != "$birth" ] || printf '%s' "$pid"
}

# The folder with PostgreSQL's programs: PATH's, or the newest of Debian's, which are not on PATH.
postgres_programs() {
  local folder found=
  if command -v initdb >/dev/null && command -v pg_ctl >/dev/null; then dirname "$(command -v initdb)"; return; fi
  for folder in /usr/lib/postgresql/*/bin; do [ ! -x "$folder/initdb" ] || found=$folder; done
  [ -n "$found" ] || fail "initdb and pg_ctl are not on PATH: install PostgreSQL (16 or newer is what is tested)."
  printf '%s\n' "$found"
}

# One command at a time may change this environment; a lock whose owner is gone is taken over.
lock_environment() {
  local owner tries=0
  until mkdir "$DEV_HOME/lock" 2>/dev/null; do
    owner=$(cat "$DEV_HOME/lock/pid" 2>/dev/null || true)
    tries=$((tries + 1))
    if [ -n "$owner" ] && kill -0 "$owner" 2>/dev/null; then
      fail "another prefect-dev command (process $owner) is at work in $DEV_HOME."
    fi
    [ $tries -lt 20 ] || fail "cannot lock $DEV_HOME: is it writable?"
    # Its owner may be about to write its id: only a lock that stays without one is a dead one.
    if [ -n "$owner" ] || [ $tries -gt 10 ]; then rm -rf "$DEV_HOME/lock"; else sleep 0.1; fi
  done
  printf '%s\n' $$ > "$DEV_HOME/lock/pid"
  trap 'rm -rf "$DEV_HOME/lock"' EXIT
  trap 'exit 130' INT TERM HUP
}

stop_part() { # part; says so when there was something to stop
  local pid waited=0
  pid=$(pid_of "$1")
  if [ -n "$pid" ]; then
    # PostgreSQL's "fast": connections are closed, everything is on disk. The others finish what they accepted.
    if [ "$1" = postgres ]; then kill -INT "$pid"; else kill -TERM "$pid"; fi 2>/dev/null || true
    while [ -n "$(pid_of "$1")" ] && [ $waited -lt $((STOP_SECONDS * 10)) ]; do sleep 0.1; waited=$((waited + 1)); done
    if [ -n "$(pid_of "$1")" ]; then
      say "$1 did not stop within $STOP_SECONDS s: killed."
      kill -KILL "$pid" 2>/dev/null || true
    else
      say "$1 stopped."
    fi
  fi
  rm -f "$DEV_HOME/$1.pid"
}

stop_all() {
  local index
  for ((index = ${#PARTS[@]} - 1; index >= 0; index--)); do stop_part "${PARTS[$index]}"; done
}
