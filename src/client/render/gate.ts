import { gateWords, givenWords, identityWords, needWords } from '../../report/gate-words.ts';
import { formatStamp } from '../../report/time.ts';
import type { GateAnswer, GateRecord } from '../../shared/gate.ts';
import { planLines } from './plan.ts';
import type { Style } from './style.ts';
import { labelled } from './text.ts';

/** A gate that waits: what it needs, what it has got, and the plan that an approval is for. */
export function openGateLines(gate: GateRecord, width: number, style: Style): string[] {
  const { id, title, expiresAt, openings, plan } = gate;
  const label = (name: string) => `    ${name.padEnd(8)}`;
  return [
    ...labelled('  ', `gate ${id} · ${title}: ${givenWords(gate)}`, width).map(style.caution),
    ...labelled(label('needs'), needWords(gate), width),
    ...labelled(label('until'), formatStamp(expiresAt), width),
    ...(openings > 1
      ? labelled(label(''), 'the plan changed: what was approved before is void', width)
      : []),
    ...answerLines(gate, width),
    ...labelled(label('plan'), plan.digest, width),
    ...planLines(plan, width - 4, style).map((line) => (line === '' ? '' : `    ${line}`)),
  ];
}

/** A gate in the report of its run. */
export function gateLines(gate: GateRecord, width: number): string[] {
  const { id, title, status, plan } = gate;
  const head = `gate ${id} · ${title}: ${gateWords[status].word}, ${givenWords(gate)}, plan ${plan.digest.slice(0, 12)}`;
  return [...labelled('  ', head, width), ...answerLines(gate, width)];
}

function answerLines({ answers }: GateRecord, width: number): string[] {
  return answers.flatMap((answer) => labelled('    ', answerWords(answer), width));
}

/** `approve by ann@desk: looks good (client 4711@desk)` */
export function answerWords({
  action,
  by,
  why,
  update,
  identity,
  void: isVoid,
}: GateAnswer): string {
  const client = update === undefined ? 'with the start' : `client ${identityWords(identity)}`;
  const isRead = update === undefined || identity !== undefined;
  const notes = [...(isRead ? [client] : []), ...(isVoid ? ['void: the plan changed'] : [])];
  return `${action} by ${by}: ${why}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`;
}
