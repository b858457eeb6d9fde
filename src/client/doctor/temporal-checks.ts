import { errorFacts } from '../../shared/errors.ts';
import { firstNames } from '../../shared/name-list.ts';
import {
  missingSearchAttributes,
  registerCommand,
  typedSearchAttributes,
} from '../../shared/search-attributes.ts';
import type { Link } from '../connection.ts';
import { readDefinitions } from '../local/definitions.ts';
import { findRun } from '../runs/find.ts';
import { goneRuns } from '../runs/gone.ts';
import { listRuns } from '../runs/list.ts';
import { freshPollers } from '../runs/pollers.ts';
import { findTemporalCli } from '../up/temporal-cli.ts';
import { type Check, fail, ok, warn } from './check.ts';
import { workerFinding } from './worker-finding.ts';

/** One connection for all checks, opened once; its failure is a finding, not the doctor's end. */
export type Connecting = Promise<Link | { readonly error: unknown }>;

const deadlineMs = 5_000;
const dayS = 86_400;
const enoughRetentionDays = 30;
const mostNamed = 3;

export const temporalCli: Check = async ({ session }) => {
  const name = 'temporal command';
  const path = await findTemporalCli(session.env);
  if (path !== undefined) return ok(name, path);
  return warn(name, 'not found; only up needs it', 'install it, or set RUNBOOK_TEMPORAL_CLI');
};

export const temporalServer: Check = async ({ connecting }) => {
  const name = 'Temporal server';
  const link = await connecting;
  if ('error' in link) {
    const { what, why, fix } = errorFacts(link.error);
    return fail(name, why ?? what, fix ?? 'runbook up');
  }
  const info = await withDeadline(link, () => link.connection.workflowService.getSystemInfo({}));
  return ok(name, `${link.address}, version ${info.serverVersion || 'unknown'}`);
};

export const namespace: Check = async ({ connecting }) => {
  const name = 'namespace';
  const link = await connecting;
  if ('error' in link) return notChecked(name);
  try {
    const { config } = await withDeadline(link, () =>
      link.connection.workflowService.describeNamespace({ namespace: link.namespace }),
    );
    const days = Math.round(Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) / dayS);
    const observed = `${link.namespace}, ended runs are kept for ${days} days`;
    if (days >= enoughRetentionDays) return ok(name, observed);
    const fix = `temporal operator namespace update -n ${link.namespace} --retention 90d`;
    return warn(name, observed, fix);
  } catch (error) {
    const fix = `temporal operator namespace create -n ${link.namespace} --retention 90d`;
    return fail(name, `${link.namespace}: ${errorFacts(error).what}`, fix);
  }
};

export const attributes: Check = async ({ connecting }) => {
  const name = 'search attributes';
  const link = await connecting;
  if ('error' in link) return notChecked(name);
  const { customAttributes } = await withDeadline(link, () =>
    link.connection.operatorService.listSearchAttributes({ namespace: link.namespace }),
  );
  const missing = missingSearchAttributes(customAttributes ?? {});
  const names = typedSearchAttributes.map((attribute) => attribute.name).join(', ');
  if (missing.length === 0) return ok(name, `registered: ${names}`);
  const fix = registerCommand(missing, link.namespace);
  return fail(name, `not registered: ${missing.join(', ')}`, fix);
};

export const worker: Check = async ({ connecting }) => {
  const name = 'worker';
  const link = await connecting;
  if ('error' in link) return notChecked(name);
  return workerFinding(await freshPollers(link), new Date());
};

/** Runs that only read leave nothing; of a runbook that is not known here nobody can say. */
export const ended: Check = async ({ connecting }) => {
  const name = 'ended runs';
  const link = await connecting;
  if ('error' in link) return notChecked(name);
  const definitions = await readDefinitions();
  const reading = new Set(definitions.filter(({ risk }) => risk === 'read').map((d) => d.name));
  const gone = await withDeadline(link, () =>
    goneRuns({
      list: (filter) => listRuns(link, filter),
      find: (run) => findRun(link, run),
    }),
  );
  const left = gone.filter(({ runbook }) => !reading.has(runbook)).map(({ run }) => run);
  if (left.length === 0) return ok(name, 'none was ended in the middle from outside');
  const named = firstNames(left, mostNamed);
  return warn(name, `ended in the middle from outside: ${named}`, 'runbook sweep');
};

const notChecked = (name: string) => warn(name, 'not checked: no server', 'runbook up');

function withDeadline<T>(link: Link, work: () => Promise<T>): Promise<T> {
  return link.connection.withDeadline(Date.now() + deadlineMs, work);
}
