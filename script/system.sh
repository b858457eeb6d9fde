# Which systems bootstrap installs on, and in what they differ. Source it, do not run it: it only
# answers questions, so that tests can ask it about systems that are not theirs.
# shellcheck shell=bash

readonly DEBIAN_KEYRING=${RUNBOOK_DEBIAN_KEYRING:-/usr/share/keyrings/debian-archive-keyring.gpg}
readonly DEBOOTSTRAP_SCRIPTS=${DEBOOTSTRAP_SCRIPTS:-/usr/share/debootstrap/scripts}

# read_system FILE: sets SYSTEM (`debian trixie`) from an os-release file; `unknown` without one.
read_system() {
  SYSTEM=unknown
  if [[ ! -r $1 ]]; then return; fi
  # shellcheck source=/dev/null
  SYSTEM=$(unset ID VERSION_CODENAME && . "$1" && echo "${ID-unknown} ${VERSION_CODENAME-}")
}

# system_is_known: are the names of its packages known here?
system_is_known() {
  case $SYSTEM in
    'debian bookworm' | 'debian trixie' | 'ubuntu jammy' | 'ubuntu noble') ;;
    *) return 1 ;;
  esac
}

# can_build_base: may the base image be built from packages? Debian's apt names a mirror of Debian;
# elsewhere somebody has to. The keys in Ubuntu 22.04 are older than Debian 13.
can_build_base() {
  case $SYSTEM in
    debian*) ;;
    'ubuntu jammy') [[ -n ${RUNBOOK_DEBIAN_MIRROR-} && -n ${RUNBOOK_DEBIAN_KEYRING-} ]] ;;
    *) [[ -n ${RUNBOOK_DEBIAN_MIRROR-} ]] ;;
  esac
}

# base_packages: what building the base image takes and this machine has not.
base_packages() {
  if ! can_build_base; then return; fi
  command -v debootstrap >/dev/null || echo debootstrap
  [[ -e $DEBIAN_KEYRING ]] || echo debian-archive-keyring
}

# debootstrap_script SUITE: the script to use for it, when debootstrap is older than the suite.
debootstrap_script() {
  [[ -e $DEBOOTSTRAP_SCRIPTS/$1 ]] || echo "$DEBOOTSTRAP_SCRIPTS/sid"
}

# browser_packages: Ubuntu's chromium installs a snap, which needs a running snapd and a user's
# session: neither a container nor a build server has them.
browser_packages() {
  if [[ $SYSTEM == debian* ]]; then echo chromium; fi
}

# is_snap PROGRAM
is_snap() {
  [[ $1 == /snap/* || $(readlink -f "$1") == */snap ]]
}
