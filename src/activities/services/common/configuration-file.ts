import type { SecretIntake } from '../kind.ts';

/** Pairs of setting and secret become lines `setting=value`; printf is the shell's own, no process has it. */
export const writeProperties = `while [ "$1" != -- ]; do
  value=$(sed 's/\\\\/\\\\\\\\/g' "/run/secrets/$2")
  printf '%s=%s\\n' "$1" "$value" >>"$file"
  shift 2
done
shift
`;

/** Images that take a secret from a configuration file only, which a script writes before they start. */
export const configurationFile = (
  settings: Readonly<Record<string, string>>,
  opens: SecretIntake['opens'],
  script: string,
): SecretIntake => ({
  opens,
  intakeOf: (variable) => {
    const setting = Object.hasOwn(settings, variable) ? settings[variable] : undefined;
    return setting === undefined ? undefined : { how: 'configuration file', setting };
  },
  script,
});
