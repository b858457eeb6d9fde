import { count } from '../report/text.ts';
import type { EnvironmentFinding } from '../shared/environment/audit.ts';
import { secretVariables } from '../shared/environment/variables.ts';
import { nameList } from '../shared/name-list.ts';
import type { EnvironmentState } from './environment-state.ts';
import type { DeliveryGap } from './secrets/copy.ts';
import { deliveriesOf } from './secrets/deliveries.ts';

/** What is true now: `.env has 12 of 15 variables, 8 of 10 secrets have a value, 14 of 17 copies delivered`. */
export function describeNow(state: EnvironmentState): string {
  const { platform, text, plan, toMint, gaps } = state;
  const { file, variables } = platform.environment;
  const total = Object.values(variables).filter(
    ({ default: value, derive, secret, required }) =>
      value !== undefined || derive !== undefined || secret || required,
  ).length;
  const secrets = Object.keys(platform.secrets.items).length + secretVariables(variables).length;
  const deliveries = deliveriesOf(platform).length;
  return [
    text === undefined
      ? `there is no ${file}`
      : `${file} has ${total - plan.added.length - plan.changed.length} of ${total} variables`,
    ...(secrets > 0 ? [`${secrets - toMint.size} of ${secrets} secrets have a value`] : []),
    ...(deliveries > 0 ? [`${deliveries - gaps.length} of ${deliveries} copies delivered`] : []),
  ].join(', ');
}

/** One finding with its place: `.env:3 PORT stands again on .env:5, with the same value; remove line 3`. */
export const describeFinding = (file: string, { line, what, fix }: EnvironmentFinding): string =>
  `${line === undefined ? '' : `${file}:${line} `}${what}; ${fix}`;

/** `db-password@2 for db` */
const copyName = ({ secret, version, consumer }: DeliveryGap): string =>
  `${secret}${version === undefined ? '' : `@${version}`} for ${consumer}`;

/** What writing the environment does, in words without values; empty when everything is in place. */
export function describeChanges(state: EnvironmentState, tense: 'to do' | 'done'): string[] {
  const { platform, plan, toMint, toAdopt, gaps, example } = state;
  const { file, example: exampleFile } = platform.environment;
  const verb = (infinitive: string, participle: string) =>
    tense === 'to do' ? `to ${infinitive}` : participle;
  // What is new altogether needs no names: they are those of the platform file.
  const isNamed = tense === 'to do' && state.text !== undefined;
  const counted = (names: readonly string[], noun: string, words: string) =>
    names.length === 0
      ? []
      : [`${count(names.length, noun)} ${words}${isNamed ? ` (${nameList(names)})` : ''}`];
  const isKept = plan.added.length === 0 && plan.changed.length === 0;
  return [
    ...counted([...toMint.keys()], 'secret', verb('generate', 'generated')),
    ...counted(toAdopt, 'secret', `${verb('take', 'taken')} from ${file} into the store`),
    ...counted(gaps.map(copyName), 'secret file', verb('deliver', 'delivered')),
    ...counted(plan.added, 'variable', verb('add', 'added')),
    ...counted(plan.changed, 'variable', verb('update', 'updated')),
    ...(state.text !== undefined && isKept && !state.isPrivate
      ? [`${file} ${verb('close to other users', 'closed to other users')}`]
      : []),
    ...(state.text === undefined && isKept ? [`${file} ${verb('write', 'written')}`] : []),
    ...(example.isCurrent ? [] : [`${exampleFile} ${verb('write', 'written')}`]),
  ];
}
