import { RunbookError, refuse } from '../shared/errors.ts';
import { limits } from '../shared/limits.ts';
import { didYouMean } from '../shared/nearest.ts';
import type { Platform } from '../shared/platform-file.ts';
import { describeValue, oneOf } from '../shared/problems.ts';
import type {
  SecretCheck,
  SecretFacts,
  SecretHistory,
  SecretsReport,
  SecretVerdict,
} from '../shared/secrets-report.ts';
import type { DockerEngine } from './docker/engine.ts';
import { loadPlatforms, onlyName, refuseBroken, unreadFiles } from './load-platforms.ts';
import { type ResolveDependencies, runbookNames } from './resolve.ts';
import { strayDeliveries } from './secrets/deliveries.ts';
import { createRedactor } from './secrets/redactor.ts';
import { accountTypeOf, secretFacts } from './secrets/secret-facts.ts';
import { openPlatformStore, variableSecret } from './secrets/store.ts';
import { checkCopies, checkService } from './secrets/verify-secret.ts';
import type { ServiceKind } from './services/kind.ts';
import { kinds as registeredKinds } from './services/registry.ts';

export interface SecretsReportDependencies
  extends Pick<
    ResolveDependencies,
    'platformFiles' | 'definitionsDirectory' | 'defaultPlatform' | 'now'
  > {
  readonly engine: DockerEngine;
  /** The tests' own. */
  readonly kinds?: readonly ServiceKind[];
}

type Named = { readonly platform?: string; readonly name: string };
/** `run`: the workflow that asks; the journal names it. */
type Verification = Named & { readonly run: string };

export const createSecretsReportActivities = ({
  kinds = registeredKinds,
  now = () => new Date(),
  ...deps
}: SecretsReportDependencies) => {
  const factsOf = (platform: Platform) => secretFacts(platform, { kinds, now: now() });
  return {
    /** Reads only, so a retry is safe. */
    async secretsReport(asked: {
      readonly platform?: string;
      readonly names: readonly string[];
    }): Promise<SecretsReport> {
      const platform = await choosePlatform(deps, asked.platform);
      const facts = await factsOf(platform);
      const secrets =
        asked.names.length === 0 ? facts : asked.names.map((name) => named(platform, facts, name));
      return { platform: platform.name, secrets, strays: await strayDeliveries(platform) };
    },

    /** Reads only, so a retry is safe. */
    async secretHistory({ platform: wanted, name }: Named): Promise<SecretHistory> {
      const platform = await choosePlatform(deps, wanted);
      const { coverage } = named(platform, await factsOf(platform), name);
      const stored = coverage === 'in-environment' ? variableSecret(name) : name;
      const events = await openPlatformStore(platform).journal(stored);
      return {
        platform: platform.name,
        name,
        events: events.slice(-limits.secretEvents),
        truncated: events.length > limits.secretEvents,
      };
    },

    /** A login that leaves no trace, and a line about it in the journal, so a retry is safe. */
    async verifySecret({ platform: wanted, name, run }: Verification): Promise<SecretVerdict> {
      const platform = await choosePlatform(deps, wanted);
      const { coverage } = named(platform, await factsOf(platform), name);
      const checks = await checksOf(platform, name, run);
      const redact = await createRedactor(platform);
      return {
        ...{ name, coverage, ok: checks.every(({ ok }) => ok) },
        checks: checks.map((check) => ({ ...check, words: redact(check.words) })),
      };
    },
  };

  async function checksOf(
    platform: Platform,
    name: string,
    run: string,
  ): Promise<readonly SecretCheck[]> {
    const item = platform.secrets.items[name];
    if (item === undefined) return [];
    const store = openPlatformStore(platform);
    try {
      const current = await store.readCurrent(name);
      if (current === undefined)
        return [{ what: 'the store', ok: false, words: 'has no value; run a deploy first' }];
      const { pending } = await store.labels(name);
      const checks: SecretCheck[] = [];
      const type = accountTypeOf(platform, item, kinds);
      const { credential } = item;
      if (credential !== undefined && !('why' in type)) {
        const asked = await checkService(
          deps.engine,
          platform,
          { ...item, credential },
          type,
          current,
        );
        checks.push(asked);
        if (asked.ok) {
          await store.note(name, {
            at: now().toISOString(),
            version: current.version,
            event: 'proved',
            run,
            facts: { by: 'secrets verify' },
          });
        }
      }
      checks.push(...(await checkCopies(platform, name, current)));
      if (pending !== undefined) checks.push(underWay(pending));
      return checks;
    } catch (error) {
      if (!(error instanceof RunbookError)) throw error;
      return [{ what: 'the store', ok: false, words: `${error.message}: ${error.why}` }];
    }
  }
};

/** Not a fault by itself: what a rotation has not reached yet shows in the other checks. */
const underWay = (pending: string): SecretCheck => ({
  what: 'a rotation',
  ok: true,
  words: `to ${pending} is under way, or was ended in the middle`,
});

function named(platform: Platform, facts: readonly SecretFacts[], name: string): SecretFacts {
  const found = facts.find((secret) => secret.name === name);
  if (found !== undefined) return found;
  const names = facts.map((secret) => secret.name);
  throw refuse(
    'RB_SECRET_UNKNOWN',
    `${platform.name} has no secret ${describeValue(name)}${didYouMean(name, names)}`,
    names.length === 0 ? 'its platform file names none' : `its secrets are: ${names.join(', ')}`,
    'name one of them',
  );
}

async function choosePlatform(
  deps: SecretsReportDependencies,
  wanted: string | undefined,
): Promise<Platform> {
  const runbooks = await runbookNames(deps.definitionsDirectory);
  const loaded = await loadPlatforms(deps.platformFiles, runbooks);
  const { platforms } = loaded;
  const name = wanted ?? deps.defaultPlatform ?? onlyName(loaded);
  refuseBroken(loaded, name);
  const platform = name === undefined ? undefined : platforms.get(name);
  if (platform !== undefined) return platform;
  const names = [...platforms.keys()];
  throw refuse(
    'RB_PLATFORM_UNKNOWN',
    name === undefined
      ? 'no platform is named'
      : `the worker knows no platform ${describeValue(name)}`,
    [
      names.length === 0
        ? 'it was started without a platform file'
        : `expected ${oneOf(names, name)}`,
      ...unreadFiles(loaded),
    ].join('\n'),
    'give --platform NAME, or start the worker with the right RUNBOOK_PLATFORMS',
  );
}
