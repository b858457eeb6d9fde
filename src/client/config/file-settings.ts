import type { Session } from '../session.ts';
import type { ConfigLayer, FoundConfig } from './config-files.ts';
import { type Candidate, type Setting, setting } from './setting.ts';

/** The configuration files that count. */
export function fileSettings({ configFiles }: Session): readonly Setting[] {
  const of = (layer: ConfigLayer) => candidateOf(configFiles.find((file) => file.layer === layer));
  return [setting('project-config', of('project')), setting('user-config', of('user'))];
}

const sources = {
  flag: { source: 'flag', from: '--config' },
  environment: { source: 'environment', from: 'RUNBOOK_CONFIG' },
} as const;

function candidateOf(file: FoundConfig | undefined): Candidate {
  if (file === undefined) return undefined;
  const { path, named } = file;
  return { value: path, ...(named === undefined ? { source: 'found' } : sources[named]) };
}
