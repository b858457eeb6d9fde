import type { SecretIntake } from '../kind.ts';

/** Images that read the file which another variable names: `name` makes that one of the variable's. */
export const fileVariables = (
  variables: RegExp,
  opens: SecretIntake['opens'],
  name = (variable: string) => `${variable}_FILE`,
): SecretIntake => ({
  opens,
  intakeOf: (variable) =>
    variables.test(variable) ? { how: 'file variable', variable: name(variable) } : undefined,
});
