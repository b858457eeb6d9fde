import { type GateOrder, type GateRecord, validApprovals } from '../shared/gate.ts';
import type { PlanLine } from '../shared/report.ts';
import { givenWords, needWords } from './gate-words.ts';
import { block, code, inline, shellWord } from './markdown-text.ts';
import { count, utf8Bytes } from './text.ts';
import { formatStamp } from './time.ts';

/** What a gate waits for, its plan as far as there is room, and the two ways to answer. */
export function gateAttention(run: string, gate: GateRecord, maxBytes: number): string {
  const facts = [
    `**${inline(gate.title, 200)}: ${givenWords(gate)}.** Needs ${inline(needWords(gate), 400)}, until ${formatStamp(gate.expiresAt)}.${given(gate)}`,
    ...(gate.openings > 1
      ? ['The plan is another than the one that was approved: those approvals are void.']
      : []),
  ];
  const actions = waysToAnswer(run, gate);
  const room = maxBytes - utf8Bytes([...facts, actions].join('\n\n')) - 2;
  return [...facts, planLines(gate, room), actions].filter((part) => part !== '').join('\n\n');
}

function given(gate: GateRecord): string {
  const names = validApprovals(gate).map(({ by }) => by);
  return names.length === 0 ? '' : ` Given by ${inline(names.join(', '), 200)}.`;
}

function planLines({ plan }: GateRecord, maxBytes: number): string {
  const head = `Plan ${code(plan.digest.slice(0, 12), 20)}, ${count(plan.changes, 'change')}:\n`;
  const changes = plan.lines.filter((line) => line.change !== undefined).map(planLine);
  const shown: string[] = [];
  let bytes = utf8Bytes(head) + 40;
  for (const line of changes) {
    bytes += utf8Bytes(line) + 1;
    if (bytes > maxBytes) break;
    shown.push(line);
  }
  if (shown.length === 0) return head.replace(/:\n$/, '.');
  const hidden = changes.length - shown.length;
  return [head, ...shown, ...(hidden > 0 ? [`- and ${count(hidden, 'more change')}`] : [])].join(
    '\n',
  );
}

const planLine = ({ step, now, change = '' }: PlanLine) =>
  `- ${code(step, 60)} ${inline(change, 200)}${now === '' ? '' : ` (now: ${inline(now, 100)})`}`;

function waysToAnswer(run: string, { id, plan }: GateRecord): string {
  const order: GateOrder = { gate: id, digest: plan.digest, by: 'YOUR NAME', why: '...' };
  return [
    block(`runbook approve ${shellWord(run)} ${shellWord(id)} --why "..."`),
    'Or `runbook reject`, which ends the run. From the History tab send the update `approve` or `reject` with',
    block(JSON.stringify(order, undefined, 1)),
  ].join('\n\n');
}
