import { Command } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import { examples } from '../options.ts';
import { type ExitCode, type Host, note, respond, type Session, warn } from '../session.ts';
import { secretsDiscoverCommand } from './secrets-discover.ts';

export interface SecretsOptions {
  readonly platform?: string | undefined;
}
export type SecretOptions = SecretsOptions & { readonly name: string };
export type VerifyOptions = SecretsOptions & { readonly names: readonly string[] };

const platformOption = [
  '--platform <name>',
  "the platform; the worker's default without it",
] as const;

export function secretsCommand(
  host: Host,
  work = { list: listSecrets, show: showSecret, history: secretHistory, verify: verifySecrets },
) {
  const command = new Command('secrets')
    .description(
      'The secrets of a platform: what they open, how old they are, who has which version.',
    )
    .addHelpText('after', examples('runbook secrets list', 'runbook secrets verify'));
  command
    .command('list')
    .description('List the secrets, how old they are, and when each was last proved.')
    .option(...platformOption)
    .addHelpText('after', examples('runbook secrets list --platform lab'))
    .action(({ platform }) => host.perform(work.list, { platform }));
  command
    .command('show')
    .description('Show the versions and consumers of a secret, and which version each one has.')
    .argument('<secret>', 'name of the secret')
    .option(...platformOption)
    .addHelpText('after', examples('runbook secrets show postgres-superuser'))
    .action((name, { platform }) => host.perform(work.show, { name, platform }));
  command
    .command('history')
    .description('Print what happened to the versions of a secret.')
    .argument('<secret>', 'name of the secret')
    .option(...platformOption)
    .addHelpText('after', examples('runbook secrets history postgres-superuser -o json'))
    .action((name, { platform }) => host.perform(work.history, { name, platform }));
  command
    .command('verify')
    .description(
      'Ask each service whether it accepts the value in force, and look whether the consumers have ' +
        'it, in files that only they can read. Nothing is changed. Ends with 4 where something is wrong.',
    )
    .argument('[secret...]', 'only these secrets')
    .option(...platformOption)
    .addHelpText('after', examples('runbook secrets verify', 'runbook secrets verify s3-lakehouse'))
    .action((names, { platform }) => host.perform(work.verify, { names, platform }));
  command.addCommand(secretsDiscoverCommand(host));
  return command;
}

export async function listSecrets(options: SecretsOptions, session: Session): Promise<ExitCode> {
  const { secretHints, secretTable } = await import('../render/secrets.ts');
  const { secrets, strays } = await (await ready(session)).report({ ...of(options), names: [] });
  const now = session.clock.now();
  respond(session, secrets, (width, style) =>
    secrets.length === 0 ? [] : secretTable(secrets, now, width, style),
  );
  note(session, secretHints(secrets, strays));
  return exitCodes.done;
}

export async function showSecret(options: SecretOptions, session: Session): Promise<ExitCode> {
  const { secretLines } = await import('../render/secret.ts');
  const asked = { ...of(options), names: [options.name] };
  const [secret] = (await (await ready(session)).report(asked)).secrets;
  if (secret === undefined) return exitCodes.done;
  const now = session.clock.now();
  respond(session, secret, (width, style) => secretLines(secret, now, width, style));
  return exitCodes.done;
}

export async function secretHistory(options: SecretOptions, session: Session): Promise<ExitCode> {
  const { historyTable } = await import('../render/secret.ts');
  const { name } = options;
  const { events, truncated } = await (await ready(session)).history({ ...of(options), name });
  respond(session, events, (width, style) =>
    events.length === 0 ? [] : historyTable(events, width, style),
  );
  if (events.length === 0) note(session, [`nothing is noted about ${name}`]);
  if (truncated) note(session, ['older events stand in the journal on the host of the worker']);
  return exitCodes.done;
}

export async function verifySecrets(options: VerifyOptions, session: Session): Promise<ExitCode> {
  const { verdictTable } = await import('../render/secrets.ts');
  const { names } = options;
  const verdicts = await (await ready(session)).verify({ ...of(options), names });
  respond(session, verdicts, (width, style) => verdictTable(verdicts, width, style));
  const wrong = verdicts.filter(({ ok }) => !ok).map(({ name }) => name);
  if (wrong.length === 0) return exitCodes.done;
  warn(session, [`not as it should be: ${wrong.join(', ')}`]);
  return exitCodes.refused;
}

async function ready(session: Session) {
  const runs = await session.connect();
  await runs.requireWorker();
  return runs.secrets;
}

const of = ({ platform }: SecretsOptions) => (platform === undefined ? {} : { platform });
