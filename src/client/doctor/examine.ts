import { errorFacts } from '../../shared/errors.ts';
import { openLink } from '../connection.ts';
import type { Session } from '../session.ts';
import { type Check, type CheckContext, type Finding, fail } from './check.ts';
import { codecKeys, codecServer } from './codec-checks.ts';
import { compose, disk, docker, node, state } from './machine-checks.ts';
import { notifyVariables } from './notify-check.ts';
import { platformFindings } from './platform-checks.ts';
import {
  attributes,
  ended,
  namespace,
  temporalCli,
  temporalServer,
  worker,
} from './temporal-checks.ts';

const checks: Readonly<Record<string, Check>> = {
  Node: node,
  'temporal command': temporalCli,
  'Temporal server': temporalServer,
  namespace,
  'search attributes': attributes,
  worker,
  'codec keys': codecKeys,
  'codec server': codecServer,
  'ended runs': ended,
  notify: notifyVariables,
  'Docker engine': docker,
  'Docker Compose': compose,
  'disk space': disk,
  'state directory': state,
};

/** All checks side by side; one that breaks is a finding like the others. */
export async function examine(session: Session): Promise<readonly Finding[]> {
  const connecting = openLink(session.settings, session.env).catch((error: unknown) => ({ error }));
  const context: CheckContext = { session, connecting };
  const broke = (name: string) => (error: unknown) =>
    fail(name, errorFacts(error).what, 'run it again; with -v it says more');
  const [platforms, ...findings] = await Promise.all([
    platformFindings(session).catch((error: unknown) => [broke('platform file')(error)]),
    ...Object.entries(checks).map(([name, check]) => check(context).catch(broke(name))),
  ]);
  const link = await connecting;
  if (!('error' in link)) await link.close();
  return [...findings, ...platforms];
}
