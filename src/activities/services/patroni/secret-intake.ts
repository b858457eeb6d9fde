import { unknown } from '../../../shared/secrets/variable-account.ts';
import { configurationFile } from '../common/configuration-file.ts';

/** Patroni merges the files of a folder: its own, and one with the passwords. */
export const secretIntake = configurationFile(
  {
    PATRONI_SUPERUSER_PASSWORD: 'superuser',
    PATRONI_REPLICATION_PASSWORD: 'replication',
    PATRONI_REWIND_PASSWORD: 'rewind',
  },
  (variable, { variables, members }) => {
    const type = variable.split('_')[1]?.toLowerCase() ?? '';
    const name = variable.replace('PASSWORD', 'USERNAME');
    const role = variables.get(name);
    if (role === undefined) return unknown(`no ${name} says whose password it is`);
    // The script writes the file at the start of a member, and members log in to each other meanwhile.
    if (members > 1) return unknown('nothing says how its members take another one all at once');
    return { type, account: { role }, takes: 'restart' };
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
