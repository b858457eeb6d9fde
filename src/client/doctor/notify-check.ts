import { notifyTargets, unsetWords } from '../local/unset-notify.ts';
import { chosenPlatformFiles } from '../local/worker-environment.ts';
import { type Check, ok, warn } from './check.ts';

/** The worker may run elsewhere, so what this shell lacks is a warning, not a failure. */
export const notifyVariables: Check = async ({ session: { env, cwd } }) => {
  const name = 'notify';
  const { targets, unset } = await notifyTargets(await chosenPlatformFiles(env, cwd, []), env);
  if (targets === 0) return ok(name, 'no platform file here names a receiver');
  const where = "looked at in this shell's environment";
  if (unset.length === 0) return ok(name, `variables of ${targets} are set, ${where}`);
  const names = [...new Set(unset.flatMap(({ variables }) => variables))];
  return warn(
    name,
    `${unset.map(unsetWords).join('; ')} (${where}; the worker's may be another)`,
    `export ${names.join(' and ')} where the worker runs, and start it again`,
  );
};
