import type { MadePlatform } from '../init/make-platform.ts';
import type { DiscoveredService } from '../local/discovery.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';
import { count, labelled } from './text.ts';

/** What was found, how sure that is, and what comes next. */
export function initLines(
  { target, discovery, environment, file }: MadePlatform,
  { dryRun }: { readonly dryRun: boolean },
  width: number,
  style: Style,
): readonly string[] {
  const { services, containers } = discovery;
  const seen = containers === 0 ? 'no containers' : count(containers, 'container');
  return [
    `${target.project}: ${count(services.length, 'service')}, ${seen}; ${target.files.join(', ')} in ${target.directory}`,
    ...table(
      ['SERVICE', 'KIND', 'HOW SURE', 'WHY'],
      services.map((service) => [
        nameWords(service),
        service.kind,
        service.certainty,
        service.answer ?? service.reasons.join(', '),
      ]),
      width,
      style,
    ),
    ...labelled('git   ', gitWords(environment.file), width),
    ...labelled(
      'next  ',
      dryRun
        ? `without --dry-run this is written to ${file}`
        : `runbook validate ${file}; runbook up --detach --platform ${file}; runbook start verify-platform --platform ${target.project}`,
      width,
    ),
  ];
}

/** What of the folder is for everybody who works on the project, and what for nobody else. */
const gitWords = (envFile: string) =>
  `commit platform.yaml, the compose files and ${envFile}.example; keep out ${envFile} and ${envFile}.previous (put them into .gitignore); .secrets/ ignores itself`;

const nameWords = ({ name, members }: DiscoveredService) =>
  members.length === 1 && members[0] === name ? name : `${name} (${members.join(', ')})`;

/** What a person has to look at. */
export function initWarnings(made: MadePlatform, width: number, style: Style): readonly string[] {
  return doubtsOf(made).flatMap((doubt) => labelled(`${style.caution('check')} `, doubt, width));
}

function doubtsOf({ discovery, environment, target, away }: MadePlatform): readonly string[] {
  const { services, doubts, notFilledIn } = discovery;
  const { variables, literalSecrets, file } = environment;
  const secrets = variables.filter(({ looksSecret }) => looksSecret).map(({ name }) => name);
  return [
    ...(away === undefined ? [] : [`${away}: all of this is from the compose files alone`]),
    ...(notFilledIn === undefined
      ? []
      : [`Compose cannot fill in the files: ${notFilledIn.split('\n').at(-1)}`]),
    ...doubts,
    ...services.flatMap(({ name, todo }) => (todo === undefined ? [] : [`${name}: ${todo}`])),
    ...target.otherEnvFiles.map(
      (other) => `Compose reads ${other} as well; a platform has one file`,
    ),
    ...variables.flatMap(({ name, todo }) => (todo === undefined ? [] : [`${name} is ${todo}`])),
    ...(secrets.length === 0
      ? []
      : [`called like secrets, in ${file}: ${secrets.join(', ')}; see the comments in the file`]),
    ...literalSecrets.map(
      ({ name, place }) => `${place} gives ${name} its value for everybody to read`,
    ),
  ];
}

/** The same for machines; keys are only ever added. */
export function initFacts(
  made: MadePlatform,
  { dryRun, backup }: { readonly dryRun: boolean; readonly backup: string | undefined },
) {
  const { target, discovery, environment, file, text } = made;
  return {
    ...{ file, written: !dryRun, backup: backup ?? null },
    ...{ project: target.project, directory: target.directory, files: target.files },
    ...{ profiles: discovery.profiles, containers: discovery.containers },
    services: discovery.services.map(({ startMs: _startMs, ...service }) => service),
    environment,
    check: doubtsOf(made),
    ...(dryRun ? { text } : {}),
  };
}
