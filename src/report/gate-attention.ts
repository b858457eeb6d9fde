import { type GateOrder, type GateRecord, validApprovals } from '../shared/gate.ts';
import type { PlanLine } from '../shared/report.ts';
import { givenWords, needWords } from './gate-words.ts';
import { block, code, inline, orTooLong, shellWord } from './markdown-text.ts';
import { clip, count, utf8Bytes } from './text.ts';
import { formatStamp } from './time.ts';

/** What is approved is told as the plan tells it; names of settings are what takes the most of it. */
const changeBytes = 1500;

/** What a gate waits for, its plan as far as there is room, and the two ways to answer. */
export function gateAttention(run: string, gate: GateRecord, maxBytes: number): string {
  const needed = `**${inline(gate.title, 200)}: ${givenWords(gate)}.** Needs ${inline(needWords(gate), 400)}, until ${formatStamp(gate.expiresAt)}.${given(gate)}`;
  const again =
    gate.openings > 1 ? ['The plan has changed: what was approved before is void.'] : [];
  const actions = orTooLong(waysToAnswer(run, gate));
  const room = maxBytes - utf8Bytes(actions) - 2;
  const facts = clip([...again, needed].join('\n\n'), room);
  const plan = planLines(gate, room - utf8Bytes(facts) - 2);
  return [facts, plan, actions].filter((part) => part !== '').join('\n\n');
}

function given(gate: GateRecord): string {
  const names = validApprovals(gate).map(({ by }) => by);
  return names.length === 0 ? '' : ` Given by ${inline(names.join(', '), 200)}.`;
}

function planLines({ plan }: GateRecord, maxBytes: number): string {
  const name = `Plan ${code(plan.digest.slice(0, 12), 20)}`;
  if (plan.changes === 0) return maxBytes < 60 ? '' : `${name}: nothing to change.`;
  const head = `${name}, ${count(plan.changes, 'change')}:\n`;
  const changes = plan.lines.filter((line) => line.change !== undefined).map(planLine);
  const shown: string[] = [];
  let bytes = utf8Bytes(head) + 40;
  for (const line of changes) {
    bytes += utf8Bytes(line) + 1;
    if (bytes > maxBytes) break;
    shown.push(line);
  }
  if (bytes > maxBytes && shown.length === 0) return '';
  const hidden = changes.length - shown.length;
  return [head, ...shown, ...(hidden > 0 ? [`- and ${count(hidden, 'more change')}`] : [])].join(
    '\n',
  );
}

const planLine = ({ step, now, change = '' }: PlanLine) =>
  `- ${code(step, 60)} ${inline(change, changeBytes)}${now === '' ? '' : ` (now: ${inline(now, 100)})`}`;

function waysToAnswer(run: string, { id, plan }: GateRecord): string {
  const order: GateOrder = { gate: id, digest: plan.digest, by: 'YOUR NAME', why: '...' };
  return [
    block(`runbook approve ${shellWord(run)} ${shellWord(id)} --why "..."`),
    'Or `runbook reject`, which ends the run. From the History tab send the update `approve` or `reject` with',
    block(JSON.stringify(order, undefined, 1)),
  ].join('\n\n');
}
