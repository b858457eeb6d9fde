# Sourced by entry points. Secrets come as files in /run/secrets, one copy for each consumer, mode
# 0400, owned by the uid that reads them.
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

# secret NAME: prints the value. Only for builtins and files: an argument of a program would be
# seen in the process list.
secret() {
  secret_path=$(secret_file "$1") && cat "$secret_path"
}
