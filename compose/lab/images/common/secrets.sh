# Sourced by entry points. Secrets come as files in /run/secrets, one copy for each consumer, mode
# 0400, owned by the uid that reads them. A file holds a value, or a login and its value on two
# lines.
# shellcheck shell=sh

# secret_file NAME: checks the file and prints its path.
secret_file() {
  if [ ! -r "/run/secrets/$1" ]; then
    echo "secret $1: /run/secrets/$1 is missing or not readable by uid $(id -u);" \
      "deliver it (runbook deploy)" >&2
    return 1
  fi
  case $(stat -Lc %a "/run/secrets/$1") in
    *00) echo "/run/secrets/$1" ;;
    *)
      echo "secret $1: /run/secrets/$1 can be read by group or world; it must have mode 0400" >&2
      return 1
      ;;
  esac
}

# credential NAME LOGIN: sets credential_login and credential_value; LOGIN is for a file that names
# none. The file is read once: a rotation in between cannot part a login from its value. Only for
# builtins and files: an argument of a program would be seen in the process list.
credential() {
  credential_path=$(secret_file "$1") || return 1
  credential_value=$(cat "$credential_path") || return 1
  credential_login=$2
  case $credential_value in
    *"
"*"
"*)
      echo "secret $1: expected a value, or a login and a value on two lines" >&2
      return 1
      ;;
    *"
"*)
      # shellcheck disable=SC2034 # used where this file is sourced
      credential_login=${credential_value%%"
"*}
      credential_value=${credential_value#*"
"}
      ;;
  esac
}

# secret NAME: prints the value, for whom the login is fixed.
secret() {
  credential "$1" '' && printf '%s\n' "$credential_value"
}
