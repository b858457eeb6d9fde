import type { EnvironmentFinding } from '../shared/environment/audit.ts';
import { refuse } from '../shared/errors.ts';
import type { EnvironmentState } from './environment-state.ts';
import { describeFinding } from './environment-words.ts';

/** Throws `RB_ENVIRONMENT` for errors that only a person can correct. */
export function refuseErrors({ errors, platform }: EnvironmentState): void {
  if (errors.length === 0) return;
  const { file } = platform.environment;
  const problems = errors.length === 1 ? 'a problem' : `${errors.length} problems`;
  throw refuse(
    'RB_ENVIRONMENT',
    `${file} has ${problems} that deploy cannot correct`,
    errors.map((finding) => describeError(file, finding)).join('\n'),
    `correct ${file} and start again`,
  );
}

const describeError = (file: string, finding: EnvironmentFinding) =>
  `${finding.line === undefined ? `${file} ` : ''}${describeFinding(file, finding)}`;

/** What decides whether secrets without a value are new or lost. */
interface MintingFacts {
  readonly everMinted: ReadonlySet<string>;
  readonly volumes: readonly string[];
}

/**
 * Throws `RB_SECRETS_LOST` when data exist that were made with other values than the ones to be generated:
 * the store had a value once, or it never had any while the volumes are there. A secret that was added to the
 * platform file later is new, and no data know it.
 */
export function refuseLostSecrets(
  { toMint, platform }: EnvironmentState,
  facts: MintingFacts,
): void {
  if (facts.volumes.length === 0) return;
  const names = [...toMint.keys()];
  const lost =
    facts.everMinted.size === 0 ? names : names.filter((name) => facts.everMinted.has(name));
  if (lost.length === 0) return;
  const { directory } = platform.secrets;
  const example = someOf(facts.volumes, maxVolumes, 'more');
  throw refuse(
    'RB_SECRETS_LOST',
    `data of ${platform.name} exist, and ${list(lost)} would be generated anew`,
    `${facts.volumes.length} volumes of the project are there (${example}), made with values that are not in ${directory}/store`,
    `restore ${directory} from its backup and put variables back into ${platform.environment.file}; if the data may go, remove the volumes`,
  );
}

const maxVolumes = 3;
const maxSecrets = 5;

const list = (names: readonly string[]) =>
  someOf(
    names.map((name) => name.replace(/^env\./, '')),
    maxSecrets,
    'more secrets',
  );

/** The first of them, and how many more there are. */
function someOf(names: readonly string[], most: number, rest: string): string {
  const named = names.slice(0, most).join(', ');
  return names.length > most ? `${named} and ${names.length - most} ${rest}` : named;
}
