import { refuse } from '../../../../shared/errors.ts';
import type { CredentialTarget, Holding, LoginSecret } from '../../credentials.ts';
import { change, now, whileConsumersWaitMs } from './change.ts';
import type { LocalServer } from './local-command.ts';
import { literal, quoted } from './names.ts';
import { type Role, readRoles } from './roles.ts';
import { isVerifierOf, scramVerifier } from './scram.ts';

/** Told from what the server keeps: exact, and no failed login stands in its log. */
export async function holdingOf(role: Role | undefined, secret: LoginSecret): Promise<Holding> {
  if (role === undefined) return 'missing';
  const isOurs = await isVerifierOf(role.stored ?? undefined, secret);
  return isOurs && role.canLogIn ? 'this' : 'another';
}

/** Gives a role another password; one that it has already is left as it is. */
export async function setPassword(
  target: CredentialTarget,
  server: LocalServer,
  secret: LoginSecret,
): Promise<{ readonly at: string }> {
  const roles = await readRoles(server, [secret.login]);
  const role = roles.require(secret.login);
  if (!role.canLogIn) throw noLogin(target, secret.login);
  if ((await holdingOf(role, secret)) === 'this') return now(server);
  const verifier = await scramVerifier(secret.value, { iterations: roles.iterations });
  return change(
    target,
    server,
    `ALTER ROLE ${quoted(secret.login)} PASSWORD ${literal(verifier)};`,
    whileConsumersWaitMs,
  );
}

const noLogin = ({ service }: CredentialTarget, role: string) =>
  refuse(
    'RB_ACCOUNT_NO_LOGIN',
    `the role ${JSON.stringify(role)} of ${service.name} may not log in`,
    'it is a group, or was retired when the secret alternated between two logins',
    `name the login in the platform file, or: ALTER ROLE ${quoted(role)} LOGIN`,
  );
