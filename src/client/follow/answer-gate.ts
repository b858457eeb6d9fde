import { exitCodes } from '../../shared/exit-codes.ts';
import { type GateOrder, type GateRecord, openGates, validApprovals } from '../../shared/gate.ts';
import type { RunState } from '../../shared/run-state.ts';
import type { ApproveOptions } from '../commands/approve.ts';
import { CommandError } from '../errors.ts';
import { operator } from '../local/operator.ts';
import { openGateLines } from '../render/gate.ts';
import { count, shellWord } from '../render/text.ts';
import { requireOpen } from '../runs/open-run.ts';
import { answerJson, type ExitCode, note, type Session } from '../session.ts';

/** Shows the plan at a gate, asks, and sends the answer, which is for this plan alone. */
export async function answerGate(options: ApproveOptions, session: Session): Promise<ExitCode> {
  const { run, action, why, by = operator() } = options;
  const runs = await session.connect();
  await requireOpen(runs, run, () => notWaiting(run, 'it has ended'));
  const state = await runs.state(run);
  const gate = chooseGate(state, options.gate);
  requireDigest(run, gate, options.digest);
  const asks = needsQuestion(options, state, gate, session);
  const { stderr } = session.terminal;
  note(session, ['', ...openGateLines(gate, stderr.width(), stderr.style), '']);
  if (asks) await ask(options, state, gate, session);
  const order: GateOrder = { gate: gate.id, digest: gate.plan.digest, by, why };
  await runs.answerGate(run, action, order);
  if (session.settings.output !== 'text') answerJson(session, { run, action, ...order });
  note(session, [told(options, gate), `runbook watch ${shellWord(run)}`]);
  return exitCodes.done;
}

function told({ action }: ApproveOptions, gate: GateRecord): string {
  if (action === 'reject') return `rejected ${gate.id}: the run ends`;
  const given = validApprovals(gate).length + 1;
  return `approved ${gate.id}: ${given} of ${count(gate.required, 'approval')}`;
}

function chooseGate({ run, gates }: RunState, wanted: string | undefined): GateRecord {
  const open = openGates(gates);
  const names = open.map(({ id }) => id).join(', ');
  const chosen = wanted === undefined ? open : open.filter(({ id }) => id === wanted);
  const [gate, another] = chosen;
  if (gate === undefined) {
    throw notWaiting(run, names === '' ? 'no gate is open' : `it waits at: ${names}`);
  }
  if (another === undefined) return gate;
  throw new CommandError('RB_GATE_UNKNOWN', 'the run waits in several places: say which is meant', {
    why: `it waits at: ${names}`,
    fix: `runbook approve ${shellWord(run)} ${shellWord(gate.id)} --why TEXT`,
    context: { run },
  });
}

/** Fewer digits could be those of another plan. */
const leastDigits = 12;

function requireDigest(run: string, { id, plan }: GateRecord, given: string | undefined): void {
  if (given === undefined) return;
  if (!/^[0-9a-f]+$/.test(given) || given.length < leastDigits) {
    throw new CommandError('RB_USAGE', `--digest ${given} is not the digest of a plan`, {
      why: `a digest has 64 hexadecimal digits, of which the first ${leastDigits} are enough`,
      fix: `runbook status ${shellWord(run)} shows it`,
      context: { run, changed: false },
    });
  }
  if (plan.digest.startsWith(given)) return;
  throw new CommandError('RB_APPROVAL_REFUSED', 'the plan is another than the one that was read', {
    why: `the plan at gate ${id} has the digest ${plan.digest}`,
    fix: `read it with runbook status ${shellWord(run)}, then answer for that one`,
    context: { run, changed: false },
  });
}

const isHeavy = ({ action }: ApproveOptions, gate: GateRecord): boolean =>
  action === 'approve' && gate.risk === 'irreversible';

/**
 * A rejection does nothing that could not be undone, so a yes is enough for it. What cannot be answered here is
 * refused before the plan is shown, which would hide the reason.
 */
function needsQuestion(
  options: ApproveOptions,
  state: RunState,
  gate: GateRecord,
  { terminal }: Session,
): boolean {
  const { action, yes, confirm: platform, digest } = options;
  const heavy = isHeavy(options, gate);
  if (platform !== undefined && platform !== state.platform) throw otherPlatform(state, platform);
  if (heavy ? platform !== undefined : yes || platform !== undefined) {
    if (action === 'approve' && digest === undefined) throw unreadPlan(state, gate);
    return false;
  }
  if (!terminal.canAsk) throw nobodyToAsk(state, gate, action, heavy);
  return true;
}

async function ask(
  options: ApproveOptions,
  state: RunState,
  gate: GateRecord,
  session: Session,
): Promise<void> {
  const { action } = options;
  const { askPlatform, askYesNo } = await import('./ask.ts');
  const agreed = isHeavy(options, gate)
    ? await askPlatform(
        `"${gate.title}" on ${state.platform} cannot be undone. Type the platform's name to approve it`,
        state.platform,
        session,
      )
    : await askYesNo(`${action === 'approve' ? 'Approve' : 'Reject'} "${gate.title}"?`, session);
  if (!agreed) throw notAgreed(state);
}

function notWaiting(run: string, why: string): CommandError {
  return new CommandError('RB_APPROVAL_REFUSED', 'the run does not wait for that approval', {
    why,
    fix: `see where the run stands with runbook status ${shellWord(run)}`,
    context: { run, changed: false },
  });
}

function unreadPlan({ run }: RunState, { plan }: GateRecord): CommandError {
  return new CommandError('RB_CONFIRMATION_NEEDED', 'say which plan is approved', {
    why: 'without a question nobody says that this is the plan that was read',
    fix: `read it, then give --digest ${plan.digest.slice(0, leastDigits)} as well`,
    context: { run, changed: false },
  });
}

function nobodyToAsk(
  { run, platform }: RunState,
  { plan }: GateRecord,
  action: ApproveOptions['action'],
  heavy: boolean,
): CommandError {
  const flags = heavy ? `--confirm ${platform}` : '--yes';
  const digest = action === 'approve' ? ` --digest ${plan.digest.slice(0, leastDigits)}` : '';
  return new CommandError('RB_CONFIRMATION_NEEDED', `to ${action} it needs a confirmation`, {
    why: `${heavy ? 'what is approved cannot be undone' : 'an answer to a gate is final'}, and there is nobody to ask here`,
    fix: `give ${flags}${digest}`,
    context: { run, changed: false },
  });
}

function otherPlatform({ run, platform }: RunState, given: string): CommandError {
  return new CommandError('RB_NOT_CONFIRMED', `--confirm ${given} is not the platform`, {
    why: `the run is for ${platform}`,
    fix: `give --confirm ${platform} when that is what you want`,
    context: { run, changed: false },
  });
}

function notAgreed({ run }: RunState): CommandError {
  return new CommandError('RB_NOT_CONFIRMED', 'not confirmed: the run goes on waiting', {
    why: 'the question was not answered with yes',
    fix: 'answer again when you have made up your mind',
    context: { run, changed: false },
  });
}
