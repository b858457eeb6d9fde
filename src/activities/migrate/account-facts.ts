import type { ContainerInspectInfo } from 'dockerode';
import { credentialProblems } from '../../shared/credential-problems.ts';
import { Credential } from '../../shared/credential-schema.ts';
import { membersOf, type Platform } from '../../shared/platform-file.ts';
import type { AccountFacts } from '../../shared/secrets/describe-accounts.ts';
import type { MigratedAccount } from '../../shared/secrets/migration.ts';
import type { SeenService } from '../../shared/secrets/variable-account.ts';
import { labels } from '../docker/container-facts.ts';
import { credentialKindProblems } from '../services/check-credentials.ts';
import { intakeOfImage } from '../services/common/known-images.ts';
import { kindOf, kinds } from '../services/registry.ts';
import { words } from './service-facts.ts';

/** What kinds and containers say of the accounts behind variables. */
export function accountFacts(
  platform: Platform,
  containers: readonly ContainerInspectInfo[],
): AccountFacts {
  const serviceOf = (member: string) =>
    Object.keys(platform.services).find((name) => membersIn(platform, name).includes(member));
  const kindFor = (member: string) => {
    const name = serviceOf(member);
    const service = name === undefined ? undefined : platform.services[name];
    return name === undefined || service === undefined ? undefined : kindOf(name, service.kind);
  };
  return {
    serviceOf,
    items: platform.secrets.items,
    finishes: (member) => kindFor(member)?.finishes === 'always',
    problem: (account) => problemOf(platform, account),
    opens(member, variable) {
      const container = containers.find(({ Config }) => Config.Labels[labels.service] === member);
      if (container === undefined) return undefined;
      // One of somebody's own is told by the kind that the file gives it, and of variables that this kind knows.
      const isOwn = platform.secrets.fileVariables[member] !== undefined;
      const known = isOwn ? undefined : intakeOfImage(container.Config.Image);
      const intake = kindFor(member)?.secretIntake ?? known;
      if (isOwn && intake?.intakeOf(variable) === undefined) return undefined;
      const members = membersIn(platform, serviceOf(member) ?? '').length;
      return intake?.opens(variable, seen(container, members));
    },
  };
}

function membersIn({ services }: Platform, name: string): readonly string[] {
  const service = services[name];
  return service === undefined ? [] : membersOf(name, service);
}

function seen({ Config }: ContainerInspectInfo, members: number): SeenService {
  const variables = (Config.Env ?? []).map((text) => {
    const at = text.indexOf('=');
    return [text.slice(0, at), text.slice(at + 1)] as const;
  });
  const own = [...words(Config.Entrypoint), ...words(Config.Cmd)];
  return { variables: new Map(variables), words: own, members };
}

/** As a file with it would be checked; a kind without accounts has to say so here, since a file may name one. */
function problemOf(platform: Platform, { service, ...account }: MigratedAccount) {
  const kind = platform.services[service]?.kind ?? '';
  const types = kinds.find((known) => known.kind === kind)?.credentials?.types;
  if (types === undefined) return `${service}, of the kind ${kind}, has no accounts of its own`;
  const credential = Credential.safeParse({ service, ...account });
  if (!credential.success) return credential.error.issues[0]?.message ?? 'it cannot be described';
  const item = { description: '', length: 32, deliver: {}, form: 'value' } as const;
  const items = { secret: { ...item, credential: credential.data } };
  const secrets = { ...platform.secrets, items };
  const then = { ...platform, secrets };
  return [...credentialProblems(then), ...credentialKindProblems(then, kinds)][0]?.text;
}
