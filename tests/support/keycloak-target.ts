import type {
  AccountType,
  CredentialTarget,
  LoginSecret,
} from '../../src/activities/services/credentials.ts';
import { credentials } from '../../src/activities/services/keycloak/credentials.ts';
import type { ServiceHandle } from '../../src/activities/services/kind.ts';
import type { Strategy } from '../../src/shared/credential-schema.ts';

export interface TargetOptions {
  readonly strategy?: Strategy;
  readonly known?: readonly LoginSecret[];
  readonly secrets?: Readonly<Record<string, LoginSecret>>;
  readonly route?: CredentialTarget['route'];
  /** Called before each effect. */
  readonly fence?: () => void;
}

/** An account of Keycloak's as a rotation hands it to the kind. */
export const keycloakTarget = (
  service: ServiceHandle,
  account: Readonly<Record<string, string>>,
  { strategy = 'single', known, secrets = {}, route, fence = () => {} }: TargetOptions = {},
): CredentialTarget => ({
  service,
  account,
  strategy,
  ...(known === undefined ? {} : { known: async () => known }),
  ...(route === undefined ? {} : { route }),
  async secret(name) {
    const secret = secrets[name];
    if (secret === undefined) throw new Error(`the test has no secret ${name}`);
    return secret;
  },
  checkFence: async () => fence(),
  log: () => {},
});

export function accountType(name: 'admin' | 'client'): AccountType {
  const type = credentials.types[name];
  if (type === undefined) throw new Error(`no account type ${name}`);
  return type;
}
