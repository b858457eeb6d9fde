import type { Credential } from '../../shared/credential-schema.ts';
import { RunbookError, refuse } from '../../shared/errors.ts';
import { firstLogin } from '../../shared/first-login.ts';
import type { Platform } from '../../shared/platform-file.ts';
import {
  type OpenedPlatform,
  openPlatform,
  type PlatformDependencies,
} from '../opened-platform.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import { openPlatformStore } from '../secrets/store.ts';
import type { AccountType, CredentialTarget, LoginSecret } from '../services/credentials.ts';
import { routeAddress } from '../services/route-address.ts';

/** A secret with what accepts it: everything that an activity of a rotation works with. */
export interface OpenedCredential {
  readonly opened: OpenedPlatform;
  readonly secret: string;
  readonly item: Platform['secrets']['items'][string];
  readonly credential: Credential;
  readonly type: AccountType;
  readonly store: SecretStore;
  /** For verbs that speak to the service itself. */
  readonly target: CredentialTarget;
  /** For proofs: as its consumers reach the service. Looked up anew, for containers come and go. */
  proving(): Promise<CredentialTarget>;
  /** The value of a version with the login that it opens; throws where the store has a damaged one. */
  read(version: string): Promise<LoginSecret>;
}

export async function openCredential(
  deps: PlatformDependencies,
  secret: string,
): Promise<OpenedCredential> {
  const opened = await openPlatform(deps);
  const { platform, attempt } = opened;
  const item = platform.secrets.items[secret];
  const credential = item?.credential;
  if (item === undefined || credential === undefined)
    throw notCovered(
      secret,
      'it does not say what it opens',
      'say it under `credential` of the secret in the platform file',
    );
  const { kind, handle } = opened.open(credential.service);
  const type = kind.credentials?.types[credential.type];
  if (type === undefined) {
    throw notCovered(
      secret,
      `the kind ${kind.kind} has no accounts of the type ${credential.type}`,
    );
  }
  const store = openPlatformStore(platform);
  const readOf = async (name: string, version: string | undefined): Promise<LoginSecret> => {
    const stored = version === undefined ? undefined : await store.read(name, version);
    if (stored === undefined) throw noValue(name, version);
    return {
      login: stored.login ?? firstLogin(platform.secrets.items[name] ?? {}) ?? '',
      value: stored.value,
    };
  };
  const currentOf = async (name: string) => readOf(name, (await store.labels(name)).current);
  /** An earlier run may have come as far as the set of an administrator's next value. */
  const inForce = async (name: string) => {
    // A login of the very account that is being moved would be refused, and counted.
    if (name === secret || (await store.labels(name)).pending === undefined) return currentOf(name);
    try {
      const other = await openCredential(deps, name);
      // By what is written down, lest two who administer each other ask without end.
      return await other.read(
        await versionInService(other, { ...other.target, secret: currentOf }),
      );
    } catch (error) {
      // A next value that is cut off, or that nobody can ask for, keeps nobody from the present one.
      const isOfNext =
        error instanceof RunbookError &&
        ['RB_STORE_DAMAGED', 'RB_NOT_COVERED'].includes(error.code);
      if (isOfNext) return currentOf(name);
      throw error;
    }
  };
  const target: CredentialTarget = {
    async known() {
      const { pending, current, previous } = await store.labels(secret);
      const labelled = [pending, current, previous].filter((version) => version !== undefined);
      return Promise.all(labelled.map((version) => readOf(secret, version)));
    },
    service: handle,
    account: credential.account,
    strategy: credential.strategy,
    secret: inForce,
    checkFence: () => attempt.checkFence(),
    log: (line) => attempt.log(line),
  };
  return {
    ...{ opened, secret, item, credential, type, store, target },
    proving: async () =>
      credential.route === undefined
        ? target
        : { ...target, route: await routeAddress(deps.engine, opened.project, credential.route) },
    read: async (version) => {
      await store.requireWhole(secret, version);
      return readOf(secret, version);
    },
  };
}

/** By the store's label, or the pending one where a run has come as far as the set. */
export async function versionInService(
  { store, secret, type, read }: OpenedCredential,
  target: CredentialTarget,
): Promise<string> {
  const { pending, current } = await store.labels(secret);
  const isPending =
    pending !== undefined && (await type.holds(target, await read(pending))) === 'this';
  const version = isPending ? pending : current;
  if (version === undefined) throw noValue(secret, version);
  return version;
}

export const notCovered = (
  secret: string,
  why: string,
  fix = 'see what can be: runbook secrets list, runbook coverage',
) => refuse('RB_NOT_COVERED', `the secret ${secret} cannot be rotated`, why, fix);

const noValue = (secret: string, version: string | undefined) =>
  refuse(
    'RB_SECRET_UNKNOWN',
    `the store has no value of ${secret}${version === undefined ? '' : `@${version}`}`,
    'only a secret that exists can move to another version',
    'run `runbook start deploy`, which generates missing secrets',
  );
