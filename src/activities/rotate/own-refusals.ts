import type { SecretEvent } from '../../shared/secret-history.ts';
import type { LogLine } from '../docker/engine.ts';
import type { OpenedPlatform } from '../opened-platform.ts';
import { openPlatformStore } from '../secrets/store.ts';

/** The journal's time is taken after what it tells, and the line of a log before. */
const slackMs = 2000;

interface Spell {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Lines of logs that a rotation explains: it makes a service refuse logins, to prove that it does. */
export interface OwnRefusals {
  /** Whether the line of a service's log is one. */
  explain(service: string, line: LogLine): boolean;
}

/**
 * A refused login is no error in the log of the service, or of a consumer, while a run moved the very account: from
 * the first line that it wrote into the secret's journal to the last. One that goes on after that is an error again.
 */
export async function ownRefusals({
  platform,
  services,
  open,
}: OpenedPlatform): Promise<OwnRefusals> {
  const store = openPlatformStore(platform);
  const known: { services: ReadonlySet<string>; texts: readonly string[]; spells: Spell[] }[] = [];
  for (const [name, { credential, deliver }] of Object.entries(platform.secrets.items)) {
    if (credential === undefined) continue;
    const type = open(credential.service).kind.credentials?.types[credential.type];
    const texts = type?.refusedLoginLines?.(credential) ?? [];
    if (texts.length === 0) continue;
    const consumers = services.filter(({ members }) => members.some((one) => one in deliver));
    known.push({
      services: new Set([credential.service, ...consumers.map((service) => service.name)]),
      texts,
      spells: spellsOf(await store.journal(name)),
    });
  }
  return {
    explain(service, { at, text }) {
      const atMs = Date.parse(at);
      return known.some(
        (account) =>
          account.services.has(service) &&
          account.texts.some((part) => text.includes(part)) &&
          account.spells.some(({ fromMs, toMs }) => fromMs <= atMs && atMs <= toMs),
      );
    },
  };
}

/** One for each run. */
function spellsOf(events: readonly SecretEvent[]): Spell[] {
  const byRun = Map.groupBy(events, ({ run }) => run);
  return [...byRun.values()].map((own) => {
    const times = own.map(({ at }) => Date.parse(at));
    return { fromMs: Math.min(...times) - slackMs, toMs: Math.max(...times) + slackMs };
  });
}
