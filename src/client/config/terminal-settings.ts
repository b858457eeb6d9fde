import type { Session } from '../session.ts';
import { type Candidate, fallback, flag, type Setting, setting } from './setting.ts';

/** How answers are printed; `wantsColour` decides by the same rules. */
export function terminalSettings({ settings, env }: Session): readonly Setting[] {
  const { output, color, input, quiet, verbose, given } = settings;
  return [
    setting('output', given.has('output') ? flag('--output', output) : undefined, fallback(output)),
    setting(
      'color',
      color === 'auto' ? colourVariable(env) : flag('--color', color),
      fallback('auto'),
    ),
    setting('input', input ? undefined : flag('--no-input', 'no'), fallback('yes')),
    setting('quiet', quiet ? flag('--quiet', 'yes') : undefined, fallback('no')),
    setting('verbose', verbose ? flag('--verbose', 'yes') : undefined, fallback('no')),
  ];
}

function colourVariable({ FORCE_COLOR, NO_COLOR, TERM }: Session['env']): Candidate {
  if (FORCE_COLOR) return from('FORCE_COLOR', FORCE_COLOR === '0' ? 'never' : 'always');
  if (NO_COLOR) return from('NO_COLOR', 'never');
  return TERM === 'dumb' ? from('TERM', 'never') : undefined;
}

const from = (name: string, value: string): Candidate => ({
  value,
  source: 'environment',
  from: name,
});
