import { Command } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import { examples } from '../options.ts';
import { type ExitCode, type Host, note, respond, type Session, warn } from '../session.ts';

export interface SecretsDiscoverOptions {
  readonly where?: string | undefined;
}

export function secretsDiscoverCommand(host: Host, work = secretsDiscover) {
  return new Command('discover')
    .summary('find what looks like a credential in files and containers, and propose the inventory')
    .description(
      'Look for credentials in the compose files of a platform, in files that they hand to services and ' +
        'in its containers: each is declared, waived with a reason and a date, or red. Proposes what to ' +
        'paste into the platform file. No value is shown, only names, places and fingerprints. Exits 4 ' +
        'when something is red.',
    )
    .argument(
      '[platform-file]',
      'the platform file, or the folder of a compose project (default: the only one that is found)',
    )
    .addHelpText(
      'after',
      examples(
        'runbook secrets discover compose/lab/platform.yaml',
        'runbook secrets discover compose/lab -o json',
      ),
    )
    .action((where) => host.perform(work, { where }));
}

export async function secretsDiscover(
  { where }: SecretsDiscoverOptions,
  session: Session,
): Promise<ExitCode> {
  const { openDiscoverer } = await import('../local/discovery.ts');
  const { secretsRequest } = await import('../local/secrets-request.ts');
  const { inventoryLines, inventorySummary } = await import('../render/secret-inventory.ts');
  const { proposal } = await import('../../shared/secrets/proposal.ts');
  const request = await secretsRequest(where, session);
  const inventory = await openDiscoverer().secrets(request);
  const proposed = proposal(inventory, request.today);
  respond(session, { ...inventory, ...(proposed && { proposal: proposed }) }, (width, style) => [
    ...inventoryLines(inventory, width, style),
    ...(proposed === undefined
      ? []
      : [
          '',
          '# Declares or waives what is red; runbook start migrate-secrets moves it:',
          proposed,
        ]),
  ]);
  warn(session, [
    ...inventory.doubts,
    ...inventory.unusedWaivers.map(
      (what) => `the waiver of ${what} is of no use: nothing is called so`,
    ),
  ]);
  note(session, [inventorySummary(inventory)]);
  const isRed = inventory.credentials.some(({ state }) => state === 'red');
  return isRed ? exitCodes.refused : exitCodes.done;
}
