# Shared by the scripts in this folder; source it, do not run it.
# shellcheck shell=bash

# shellcheck disable=SC2034 # used where this file is sourced
readonly NODE_MIN=22.22.0

# root: sets ROOT to the checkout, wherever the caller stands and however it was linked.
root() {
  ROOT=$(cd -P "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
  readonly ROOT
}

# tools_path: what bootstrap put into .tools/bin wins over what the machine has.
tools_path() {
  export PATH="$ROOT/.tools/bin:$PATH:/usr/sbin:/sbin"
}

# say WHO TEXT...: one short line of progress.
say() {
  local who=$1
  shift
  printf '%s: %s\n' "$who" "$*"
}

# fail CODE WHAT WHY FIX: the error shape of the command line tool.
fail() {
  printf 'error %s: %s\n  why   %s\n  fix   %s\n' "$1" "$2" "$3" "$4" >&2
}

# at_least VERSION MINIMUM
at_least() {
  [[ -n $1 && $(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1) == "$2" ]]
}

# docker_answers: true when the engine replies; a hung engine counts as not answering.
docker_answers() {
  timeout 10 docker version --format '{{.Server.Version}}' >/dev/null 2>&1
}
