import { configurationFile } from '../common/configuration-file.ts';

/** Patroni merges the files of a folder: its own, and one with the passwords. */
export const secretIntake = configurationFile(
  {
    PATRONI_SUPERUSER_PASSWORD: 'superuser',
    PATRONI_REPLICATION_PASSWORD: 'replication',
    PATRONI_REWIND_PASSWORD: 'rewind',
  },
  `# Patroni reads passwords from its configuration: a folder in memory, with its file and theirs.
set -eu
umask 077
folder=/run/secrets-config
printf 'postgresql:\\n  authentication:\\n' >"$folder/20-passwords.yml"
while [ "$1" != -- ]; do
  value=$(sed "s/'/''/g" "/run/secrets/$2")
  printf "    %s: { password: '%s' }\\n" "$1" "$value" >>"$folder/20-passwords.yml"
  shift 2
done
shift
for argument; do
  shift
  case $argument in
    *.yml | *.yaml)
      ln -sf "$argument" "$folder/10-own.yml"
      argument=$folder
      ;;
  esac
  set -- "$@" "$argument"
done
exec "$@"
`,
);
