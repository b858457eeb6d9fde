import { CommanderError } from '@commander-js/extra-typings';
import { expect, test } from 'vitest';
import { decideCommand } from '../../../src/client/commands/decide.ts';
import { holdCommand, releaseCommand } from '../../../src/client/commands/hold.ts';
import { retryCommand } from '../../../src/client/commands/retry.ts';
import { stopCommand } from '../../../src/client/commands/stop.ts';
import { CommandError } from '../../../src/client/errors.ts';
import type { RunFilter, RunRow } from '../../../src/client/runs/api.ts';
import type { Host } from '../../../src/client/session.ts';
import { withCandidates } from '../../../src/client/usage/candidates.ts';
import { row } from '../support/samples.ts';
import { ScriptedRuns } from '../support/scripted-runs.ts';

const idle: Host = { perform: async () => {} };
const commands = {
  decide: decideCommand(idle),
  stop: stopCommand(idle),
  hold: holdCommand(idle),
  release: releaseCommand(idle),
  retry: retryCommand(idle),
};

/** A server with these runs that goes by the filter, as the real one does. */
class Server extends ScriptedRuns {
  readonly rows: readonly RunRow[];
  constructor(rows: readonly RunRow[]) {
    super({});
    this.rows = rows;
  }
  override async list({ open }: RunFilter) {
    return this.rows.filter((one) => open === undefined || one.open === open);
  }
}

const mixed = [
  row({ run: 'p-1', state: 'parked', step: 'start-web' }),
  row({ run: 'r-1', state: 'running', step: '' }),
  row({ run: 'h-1', state: 'held', step: '' }),
  row({ run: 'e-1', state: 'failed', open: false }),
  row({ run: 'plan-1', state: 'planned', open: false, plan: true }),
];

async function told(command: keyof typeof commands, rows: readonly RunRow[] = mixed) {
  const program = { name: () => 'runbook' } as never;
  const refused = new CommanderError(1, 'commander.missingArgument', '');
  const error = new CommandError('RB_USAGE', 'needs a run', { why: '<run>: id', fix: 'help' });
  const meant = { command: commands[command], above: [program] };
  return withCandidates(error, refused, meant, { connect: async () => new Server(rows) });
}

test('each command names the runs that it can take now, and itself with the first of them', async () => {
  expect(await told('decide')).toMatchObject({
    message: 'needs a run',
    why: '<run>: id\nit could take now:\np-1: deploy on lab, parked at start-web',
    fix: 'runbook decide p-1 --retry --why TEXT',
  });
  const idsFor = async (command: keyof typeof commands) =>
    [...((await told(command)).why ?? '').matchAll(/^(\S+-1):/gm)].map(([, id]) => id);
  expect(await idsFor('stop')).toEqual(['p-1', 'r-1', 'h-1']);
  expect(await idsFor('hold')).toEqual(['p-1', 'r-1']);
  expect(await idsFor('release')).toEqual(['h-1']);
  expect(await idsFor('retry')).toEqual(['e-1']);
});

test('of many runs ten are named', async () => {
  const rows = Array.from({ length: 12 }, (_, index) => row({ run: `deploy-${index}` }));
  const lines = ((await told('stop', rows)).why ?? '').split('\n');
  expect(lines.filter((line) => line.startsWith('deploy-'))).toHaveLength(10);
  expect(lines.at(-1)).toBe('and 2 more: runbook history');
});

test('that there is none is an answer too', async () => {
  expect((await told('decide', [])).why).toBe('<run>: id\nno run is parked now');
});
