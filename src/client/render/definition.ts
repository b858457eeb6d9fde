import type { DefinitionFile, ParamDefinition } from '../../shared/definition-file.ts';
import { isNamesParam } from '../../shared/names-param.ts';
import type { OnFailure, StopMode } from '../../shared/run-request.ts';
import type { Risk } from '../../shared/run-state.ts';
import type { Style } from './style.ts';
import { labelled, padEnd, wrap } from './text.ts';

const riskWords: Readonly<Record<Risk, string>> = {
  read: 'read: it changes nothing',
  reversible: 'reversible: what it changes can be undone',
  irreversible: 'irreversible: some of what it changes cannot be undone',
};

const failureWords: Readonly<Record<OnFailure, string>> = {
  park: 'park: it waits for a decision',
  undo: 'undo: what it changed is undone',
  abort: 'abort: things stay as they are',
};

const cancelWords: Readonly<Record<StopMode, string>> = {
  undo: 'undo: what it changed is undone when it is stopped',
  here: 'here: things stay as they are when it is stopped',
};

/** A runbook on a terminal: what it does, takes and runs through, and how to start it. */
export function definitionLines(definition: DefinitionFile, width: number, style: Style): string[] {
  const { name, title, description, risk, onFailure, park, onCancel, params, steps } = definition;
  const idWidth = Math.max(0, ...steps.map((step) => step.id.length));
  return [
    ...wrap(`${name}: ${title}`, width).map(style.strong),
    '',
    ...wrap(unfolded(description), width),
    '',
    `risk         ${riskWords[risk]}`,
    `on failure   ${failureWords[onFailure]}`,
    ...(park === undefined ? [] : [`parked       at most ${park.timeout}, then ${park.then}`]),
    `on cancel    ${cancelWords[onCancel]}`,
    ...section('Parameters', paramLines(params, width), style),
    ...section(
      'Steps',
      steps.flatMap(({ id, title: text }) => labelled(`  ${padEnd(id, idWidth)}  `, text, width)),
      style,
    ),
    ...section('Start', [`  ${exampleCommand(definition)}`], style),
  ];
}

/** Lines of one paragraph belong together; a blank line separates paragraphs. */
function unfolded(text: string): string {
  return text.trim().replaceAll(/(?<!\n)\n(?!\n)/g, ' ');
}

function section(title: string, lines: readonly string[], style: Style): string[] {
  return lines.length === 0 ? [] : ['', style.strong(title), ...lines];
}

function paramLines(params: DefinitionFile['params'], width: number): string[] {
  return Object.entries(params).flatMap(([name, param]) => [
    `  ${name} (${paramWords(param)})`,
    ...labelled('      ', param.description, width),
  ]);
}

function paramWords(param: ParamDefinition): string {
  const base =
    param.default === undefined ? 'required' : `default ${JSON.stringify(param.default)}`;
  if (param.type === 'string' && param.oneOf !== undefined) {
    return `one of ${param.oneOf.join(', ')}; ${base}`;
  }
  if (isNamesParam(param.type)) return `names of ${param.type}, with commas; ${base}`;
  return `${param.type}${limitWords(param)}; ${base}`;
}

function limitWords(param: ParamDefinition): string {
  if (param.type !== 'integer') return '';
  const { min, max } = param;
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` of at least ${min}`;
  return max === undefined ? '' : ` of at most ${max}`;
}

/** A command that starts the runbook with what it cannot do without. */
export function exampleCommand({ name, params, risk }: DefinitionFile): string {
  const required = Object.entries(params)
    .filter(([, param]) => param.default === undefined)
    .map(([param]) => `--set ${param}=VALUE`);
  const approval = { read: [], reversible: ['--yes'], irreversible: ['--confirm PLATFORM'] }[risk];
  return ['runbook start', name, ...required, ...approval].join(' ');
}
