import type { Session } from '../session.ts';
import { type Candidate, configured, fallback, flag, type Setting, setting } from './setting.ts';

/** How answers are printed; `wantsColour` decides by the same rules. */
export function terminalSettings(session: Session): readonly Setting[] {
  const { settings, env } = session;
  const { output, color, progress, input, quiet, verbose, given } = settings;
  const chosen = (name: 'output' | 'color' | 'progress', value: string) =>
    given.has(name)
      ? flag(`--${name}`, value)
      : configured(session, `RUNBOOK_${name.toUpperCase()}`);
  return [
    setting('output', chosen('output', output), fallback(output)),
    setting(
      'color',
      color === 'auto' ? colourVariable(env) : chosen('color', color),
      fallback('auto'),
    ),
    setting('progress', chosen('progress', progress), fallback(progress)),
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
