import { Command } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import { CommandError } from '../errors.ts';
import { operator } from '../local/operator.ts';
import { examples, whyOption } from '../options.ts';
import { answerJson, type ExitCode, type Host, note, respond, type Session } from '../session.ts';

export interface ApplyOptions {
  readonly files: readonly string[];
  readonly plan: boolean;
  readonly yes: boolean;
}

export interface OrderOptions {
  readonly id: string;
  readonly order: 'pause' | 'resume' | 'trigger' | 'delete';
  readonly why: string;
}

const example = 'lab/nightly-check';

export function scheduleCommand(
  host: Host,
  work = { apply: applySchedules, list: listSchedules, show: showSchedule, order: orderSchedule },
) {
  const command = new Command('schedule')
    .description('Runs that start by themselves. They stand in platform files, under "schedules".')
    .addHelpText('after', examples('runbook schedule apply --plan', 'runbook schedule list'));
  command
    .command('apply')
    .description(
      'Bring the schedules of platform files onto the server, and take away what is gone.',
    )
    .argument('[file...]', 'platform files (default: those of this folder)')
    .option('--plan', 'only show what would change')
    .option('-y, --yes', 'apply without asking')
    .addHelpText('after', examples('runbook schedule apply --plan', 'runbook schedule apply --yes'))
    .action((files, { plan, yes }) =>
      host.perform(work.apply, { files, plan: plan ?? false, yes: yes ?? false }),
    );
  command
    .command('list')
    .description('List the schedules, how often they started and how often they did not.')
    .addHelpText('after', examples('runbook schedule list'))
    .action(() => host.perform(work.list, {}));
  command
    .command('show')
    .description('Show when a schedule starts next and what became of its latest starts.')
    .argument('<schedule>', 'id of the schedule')
    .addHelpText('after', examples(`runbook schedule show ${example}`))
    .action((id) => host.perform(work.show, { id }));
  for (const [order, description] of Object.entries(orders) as [OrderOptions['order'], string][]) {
    command
      .command(order)
      .description(description)
      .argument('<schedule>', 'id of the schedule')
      .addOption(whyOption())
      .addHelpText('after', examples(`runbook schedule ${order} ${example} --why "holidays"`))
      .action((id, { why }) => host.perform(work.order, { id, order, why }));
  }
  return command;
}

const orders: Readonly<Record<OrderOptions['order'], string>> = {
  pause: 'Let a schedule start nothing until it is resumed.',
  resume: 'Let a paused schedule start runs again.',
  trigger: 'Start a run of the schedule now, also while another one goes on.',
  delete: 'Take a schedule off the server. Its runs go on; apply brings it back.',
};

export async function applySchedules(options: ApplyOptions, session: Session): Promise<ExitCode> {
  const { readPlatforms } = await import('../local/read-platforms.ts');
  const { applyChanges, scheduleChanges } = await import('../schedules/apply.ts');
  const { changeLines, changeSummary } = await import('../render/schedules.ts');
  const platforms = await readPlatforms(options.files, session.cwd);
  const { schedules } = await session.connect();
  const changes = await scheduleChanges(platforms, schedules);
  respond(
    session,
    changes.map((change) => ({
      action: change.action,
      schedule: 'wanted' in change ? change.wanted.id : change.row.id,
    })),
    (_, style) => changeLines(changes, style),
  );
  note(session, [changeSummary(changes)]);
  if (options.plan || changes.every(({ action }) => action === 'unchanged')) return exitCodes.done;
  if (!options.yes) await requireYes(session);
  await applyChanges(changes, schedules);
  note(session, ['applied; see them with runbook schedule list']);
  return exitCodes.done;
}

async function requireYes(session: Session): Promise<void> {
  if (!session.terminal.canAsk) {
    throw new CommandError('RB_CONFIRMATION_NEEDED', 'this change needs a confirmation', {
      why: 'it decides what starts by itself, and there is nobody to ask here',
      fix: 'give --yes to apply it, or --plan to look only',
      context: { changed: false },
    });
  }
  const { askYesNo } = await import('../follow/ask.ts');
  if (await askYesNo('Apply this?', session)) return;
  throw new CommandError('RB_NOT_CONFIRMED', 'not confirmed: nothing was applied', {
    why: 'the question was not answered with yes',
    fix: 'apply it again when it may be so',
    context: { changed: false },
  });
}

export async function listSchedules(_: object, session: Session): Promise<ExitCode> {
  const { scheduleTable } = await import('../render/schedules.ts');
  const { schedules } = await session.connect();
  const rows = await schedules.list();
  respond(session, rows, (width, style) =>
    rows.length === 0 ? [] : scheduleTable(rows, width, style),
  );
  if (rows.length === 0) note(session, ['no schedule; apply those of a platform file first']);
  return exitCodes.done;
}

export async function showSchedule(
  { id: given }: { readonly id: string },
  session: Session,
): Promise<ExitCode> {
  const { scheduleNamed } = await import('../schedules/named.ts');
  const { scheduleFrame } = await import('../render/schedules.ts');
  const runs = await session.connect();
  const row = await runs.schedules.find(await scheduleNamed(given, runs.schedules));
  const found = await Promise.allSettled(row.recent.map(({ run }) => runs.find(run)));
  const recent = found.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  respond(session, { ...row, recent }, (width, style) => scheduleFrame(row, recent, width, style));
  return exitCodes.done;
}

export async function orderSchedule(
  { id: given, order, why }: OrderOptions,
  session: Session,
): Promise<ExitCode> {
  const { scheduleNamed } = await import('../schedules/named.ts');
  const { schedules } = await session.connect();
  const id = await scheduleNamed(given, schedules);
  await schedules[order](id, `${why} (${operator()})`);
  if (session.settings.output !== 'text') answerJson(session, { schedule: id, order, why });
  note(session, [told[order](id)]);
  return exitCodes.done;
}

const told: Readonly<Record<OrderOptions['order'], (id: string) => string>> = {
  pause: (id) => `${id} starts nothing until runbook schedule resume ${id}`,
  resume: (id) => `${id} starts runs again`,
  trigger: (id) => `${id} starts a run now: runbook schedule show ${id}`,
  delete: (id) => `${id} is gone from the server; runbook schedule apply brings it back`,
};
