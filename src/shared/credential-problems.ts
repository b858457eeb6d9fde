import { firstLogin } from './first-login.ts';
import { didYouMean } from './nearest.ts';
import { membersOf, type PlatformFile } from './platform-file.ts';
import { describeValue, type Problem } from './problems.ts';

type SecretItem = PlatformFile['secrets']['items'][string];

/** What is wrong with secrets and what they open, as far as no kind has to be asked. */
export function credentialProblems({ secrets, services }: PlatformFile): Problem[] {
  const members = Object.entries(services).flatMap(([name, service]) => membersOf(name, service));
  return Object.entries(secrets.items).flatMap(([name, item]) =>
    problemsOf(item, Object.keys(services), members).map((problem) => ({
      ...problem,
      path: ['secrets', 'items', name, ...problem.path],
    })),
  );
}

function problemsOf(
  item: SecretItem,
  services: readonly string[],
  members: readonly string[],
): Problem[] {
  const { credential } = item;
  return [
    ...Object.keys(item.deliver)
      .filter((consumer) => !members.includes(consumer))
      .map((consumer) => key(['deliver', consumer], notMember(consumer, members))),
    ...formProblems(item),
    ...(credential === undefined || services.includes(credential.service)
      ? []
      : [value(['credential', 'service'], notService(credential.service, services))]),
    ...routeProblems(credential?.route, members),
  ];
}

function formProblems({ form, credential, ...item }: SecretItem): Problem[] {
  const strategy = credential?.strategy ?? 'single';
  if (form === 'value' && strategy !== 'single' && Object.keys(item.deliver).length > 0) {
    const why = `each version of ${strategy === 'dual' ? 'a' : 'an'} ${strategy} credential has a login of its own`;
    return [value(['form'], `expected "pair", for ${why}, got "value"`)];
  }
  if (form === 'pair' && firstLogin({ credential }) === undefined) {
    const login = 'the login of the first version in credential.account (role, user or login)';
    return [value(['form'], `expected ${login} beside "pair", got none`)];
  }
  return [];
}

function routeProblems(route: string | undefined, members: readonly string[]): Problem[] {
  if (route === undefined) return [];
  const [host = '', port = ''] = route.split(':');
  const at = ['credential', 'route'];
  if (!members.includes(host)) return [value(at, notMember(host, members))];
  if (Number(port) >= 1 && Number(port) <= 65_535) return [];
  return [value(at, `expected a port from 1 to 65535, got ${port}`)];
}

const notMember = (name: string, members: readonly string[]) =>
  `expected a member of a service in this file${didYouMean(name, members)}, got ${describeValue(name)}`;

const notService = (name: string, services: readonly string[]) =>
  `expected a service of this file${didYouMean(name, services)}, got ${describeValue(name)}`;

const value = (path: Problem['path'], text: string): Problem => ({ path, text, at: 'value' });
const key = (path: Problem['path'], text: string): Problem => ({ path, text, at: 'key' });
