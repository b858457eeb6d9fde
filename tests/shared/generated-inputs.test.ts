import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { serviceProblems } from '../../src/activities/services/check-services.ts';
import type { DefinitionFile } from '../../src/shared/definition-file.ts';
import { auditEnvironment } from '../../src/shared/environment/audit.ts';
import {
  composeIncludes,
  composeReferences,
  everyComposeReference,
} from '../../src/shared/environment/compose-references.ts';
import { parseDotenv } from '../../src/shared/environment/dotenv.ts';
import { envFileUses } from '../../src/shared/environment/env-file-uses.ts';
import { planEnvironment } from '../../src/shared/environment/plan.ts';
import { parseDefinitionFile } from '../../src/shared/read-definition.ts';
import { parsePlatformFile } from '../../src/shared/read-platform.ts';
import { checkRunRequest } from '../../src/shared/run-input.ts';
import { awkwardText } from '../support/generated/awkward.ts';
import { outcomeOf } from '../support/generated/outcome.ts';
import { runRequest } from '../support/generated/run-requests.ts';
import { yamlText } from '../support/generated/yaml-text.ts';
import { casesOf, Proof } from '../support/proof.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const trees = (texts: readonly string[]) => texts.map((text): unknown => parse(text));

const platforms = ['tests/platforms/mini/platform.yaml', 'compose/lab/platform.yaml'].map(read);
const definitions = ['runbooks/deploy.yaml', 'runbooks/verify-platform.yaml'].map(read);
const composes = ['tests/platforms/mini/compose.yaml', 'compose/lab/postgres.yaml'].map(read);

/** Parts that the files of this repository do not use. */
const fuller = {
  ...(parse(platforms[0] ?? '') as object),
  notify: { ops: { format: 'slack', url: 'OPS_URL', key: 'OPS_KEY', on: ['parked'] } },
  schedules: {
    nightly: { runbook: 'verify-platform', cron: '30 2 * * *', timezone: 'Europe/Berlin' },
  },
  logs: {
    allow: [{ service: 'db', pattern: 'FATAL: x', reason: 'a test', expires: '2999-12-31' }],
  },
  windows: { timezone: 'Europe/Berlin', open: [{ days: ['mon'], from: '22:00', to: '06:00' }] },
};

const everyParameter = {
  ...(parse(definitions[0] ?? '') as object),
  params: {
    member: { type: 'string', pattern: 'pg[0-9]', description: 'Which member.' },
    mode: { type: 'string', oneOf: ['fast', 'safe'], default: 'safe', description: 'How.' },
    rounds: { type: 'integer', min: 1, max: 9, default: 3, description: 'How often.' },
    wait: { type: 'duration', default: '30s', description: 'How long.' },
    force: { type: 'boolean', default: false, description: 'Whether.' },
  },
} as unknown as DefinitionFile;

/** Generated cases, a hundred in CI; the time-out is that of all of them. */
function generated<T>(
  what: string,
  inputs: fc.Arbitrary<T>,
  holds: (input: T) => 'value' | 'refused',
): void {
  const cases = casesOf(150, 10_000);
  test(
    what,
    async () => {
      const proof = new Proof('generated-inputs', what);
      const counts = { value: 0, refused: 0 };
      fc.assert(
        fc.property(inputs, (input) => {
          counts[holds(input)] += 1;
        }),
        { numRuns: cases, seed: proof.seed },
      );
      // A generator that makes one kind of input only shows nothing about the other.
      expect(Math.min(counts.value, counts.refused)).toBeGreaterThan(cases / 100);
      await proof.shown(cases, counts);
    },
    casesOf(60_000, 1_800_000),
  );
}

/** Every problem has its place in the file, so that an editor can jump there. */
const placed = (file: string) => new RegExp(`^(${file}:\\d+:\\d+ \\S.+|and \\d+ more)$`, 'su');

function fileReader(file: string, parseFile: (text: string) => object) {
  return (text: string) => {
    const outcome = outcomeOf(() => parseFile(text));
    if ('code' in outcome) {
      expect(outcome.code).toBe('RB_FILE_INVALID');
      for (const line of outcome.why) expect(line).toMatch(placed(file));
      return 'refused';
    }
    // What was read means the same when it is written and read again: nothing of it is lost or made up.
    const { value } = outcome;
    expect(parseFile(stringify(value))).toEqual(value);
    return 'value';
  };
}

describe('every generated input is read, or refused with an error that teaches:', () => {
  generated(
    'platform files',
    yamlText([...trees(platforms), fuller], platforms),
    fileReader('platform.yaml', (text) =>
      parsePlatformFile(text, 'platform.yaml', serviceProblems),
    ),
  );

  generated(
    'runbook definitions',
    yamlText([...trees(definitions), everyParameter], definitions),
    fileReader('deploy.yaml', (text) => parseDefinitionFile(text, 'deploy.yaml')),
  );

  generated('run inputs', runRequest, (input) => {
    const outcome = outcomeOf(() =>
      checkRunRequest(input, { definition: everyParameter, platforms: ['mini', 'lab'] }),
    );
    if ('code' in outcome) {
      expect(outcome.code).toBe('RB_INPUT_INVALID');
      return 'refused';
    }
    const { platform, params } = outcome.value;
    expect(['mini', 'lab']).toContain(platform);
    expect(Object.keys(params)).toEqual(Object.keys(everyParameter.params));
    return 'value';
  });
});

describe('every generated file that only Compose may refuse is read as far as it can be:', () => {
  const references = ['value', 'refused'] as const;
  generated('compose files', yamlText(trees(composes), composes), (text) => {
    const outcome = outcomeOf(() => ({
      every: everyComposeReference(text, 'compose.yaml'),
      strict: composeReferences(text, 'compose.yaml'),
      includes: composeIncludes(text),
      envFiles: envFileUses(text, 'compose.yaml'),
    }));
    if ('code' in outcome) throw new Error(`refused with ${outcome.code}`);
    const { every, strict, includes, envFiles } = outcome.value;
    for (const { place } of [...every, ...envFiles]) expect(place).toMatch(/^compose\.yaml:\d+$/);
    expect(new Set(strict.map(({ name }) => name))).toEqual(new Set(every.map(({ name }) => name)));
    expect(includes.every((path) => typeof path === 'string')).toBe(true);
    return references[every.length > 0 ? 0 : 1];
  });

  const line = fc
    .tuple(
      fc.constantFrom('WEB_PORT', 'WEB_URL', 'WEB_TOKEN', 'OTHER', '__proto__', 'constructor', 'é'),
      fc.constantFrom('=', ' = ', ': ', '=\t', '', '=="', "='", '="'),
      fc.oneof(awkwardText, fc.constantFrom('18970', `\${WEB_PORT}`, `\${`.repeat(4000), "'a'")),
      fc.constantFrom('', '', "'", '"', ' # why', '\r'),
    )
    .map((parts) => parts.join(''));
  const dotenv = fc
    .array(fc.oneof(line, awkwardText), { maxLength: 12 })
    .map((lines) => lines.join('\n'));
  const platform = parsePlatformFile(platforms[0] ?? '', 'platform.yaml');
  generated('environment files', dotenv, (text) => {
    const outcome = outcomeOf(() => {
      const file = parseDotenv(text);
      const plan = planEnvironment({ platform, file });
      const audit = auditEnvironment({
        declared: platform.environment.variables,
        fileName: '.env',
        file,
        references: composeReferences(composes[0] ?? '', 'compose.yaml'),
      });
      return { file, plan, audit, written: plan.render(() => 'x'.repeat(32)) };
    });
    if ('code' in outcome) throw new Error(`refused with ${outcome.code}`);
    const { file, plan, audit, written } = outcome.value;
    expect(file.segments.map((segment) => segment.text).join('')).toBe(text);
    expect(audit.every(({ what, fix }) => what.trim() !== '' && fix.trim() !== '')).toBe(true);
    // What the plan has written it does not want to write again.
    if (file.problems.length > 0) return 'refused';
    expect(planEnvironment({ platform, file: parseDotenv(written) }).added).toEqual([]);
    expect(plan.secrets.every((name) => name === 'WEB_TOKEN')).toBe(true);
    return 'value';
  });
});
