import type { RotationConsumer, RotationTarget } from './target.ts';

/** What a rotation does, for the plan: who is touched, what may be away, and how long there is a way back. */
export function changeWords(target: Omit<RotationTarget, 'now' | 'change'>): string {
  const { strategy, consumers, takenAtStart, service } = target;
  const parts = [
    takenAtStart ? `a new value, which ${service} takes at its restart` : overlapWords[strategy],
    ...(consumers.length === 0 ? [] : [consumers.map(takesWords).join(', ')]),
    survivorWords(target),
    'back to the old value at any time before the old one is refused',
  ];
  return parts.join('; ');
}

const overlapWords = {
  dual: 'old and new are valid side by side, no gap',
  alternating: 'the other of two accounts takes over, no gap',
  single: 'the new value ends the old at once, gap until each consumer has it',
} as const;

const takesWords = ({ name, takes }: RotationConsumer): string => {
  if (takes === 'reread') return `${name} reads it again by itself`;
  if (takes === 'restart') return `${name} restarts`;
  if (typeof takes === 'string') return `${name} takes it at its next start`;
  return 'signal' in takes
    ? `${name} gets SIG${takes.signal}`
    : `${name} runs ${takes.command.join(' ')}`;
};

function survivorWords({
  survivors,
  drainMs,
}: Pick<RotationTarget, 'survivors' | 'drainMs'>): string {
  if (survivors === 'leave') return 'sessions of the old value are left';
  if (survivors === 'terminate') return 'sessions of the old value are ended';
  return `sessions of the old value have ${drainMs / 1000} s, then they are ended`;
}
