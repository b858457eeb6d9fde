import { Command } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import { CommandError } from '../errors.ts';
import { makeStateDirectory, stateDirectory } from '../local/paths.ts';
import { examples } from '../options.ts';
import {
  answer,
  answerJson,
  type ExitCode,
  type Host,
  note,
  type Session,
  warn,
} from '../session.ts';

export function codecCommand(host: Host, work = { endpoint: codecEndpoint, rotate: rotateKey }) {
  const command = new Command('codec')
    .description(
      'Print where the codec server of up listens, for the option --codec-endpoint and the variable ' +
        'TEMPORAL_CODEC_ENDPOINT of the temporal command. Whoever has this address can read payloads.',
    )
    .addHelpText('after', examples('runbook codec', 'runbook codec rotate'))
    .action(() => host.perform(work.endpoint, {}));
  command
    .command('rotate')
    .description(
      'Add a key, which encrypts from now on. Older ones stay, so every run stays readable. ' +
        'Processes that run notice it by themselves.',
    )
    .addHelpText('after', examples('runbook codec rotate'))
    .action(() => host.perform(work.rotate, {}));
  return command;
}

export async function codecEndpoint(_: object, session: Session): Promise<ExitCode> {
  const { runningEndpoint } = await import('../up/endpoint.ts');
  const endpoint = await runningEndpoint(session.env);
  if (endpoint === undefined) throw notUp();
  if (session.settings.output === 'text') answer(session, [endpoint]);
  else answerJson(session, { endpoint });
  return exitCodes.done;
}

export async function rotateKey(_: object, session: Session): Promise<ExitCode> {
  const { addKey, readKeys } = await import('../../codec/key-file.ts');
  const { codecSettings } = await import('../../codec/settings.ts');
  await makeStateDirectory(session.env);
  const { encrypt, keyFile } = codecSettings(session.env, stateDirectory(session.env));
  const { id } = await addKey(keyFile);
  const keys = (await readKeys(keyFile))?.length ?? 0;
  if (session.settings.output !== 'text') answerJson(session, { id, keys, keyFile });
  note(session, [
    `the key ${id} encrypts from now on`,
    `${keyFile} has ${keys === 1 ? 'one key' : `${keys} keys`}; copy it to where you keep secrets, and to every`,
    'machine that starts or reads runs of this worker',
  ]);
  if (!encrypt) warn(session, ['RUNBOOK_CODEC is off here: nothing is encrypted']);
  return exitCodes.done;
}

function notUp(): CommandError {
  return new CommandError('RB_CODEC_NOT_UP', 'no codec server runs here', {
    why: 'runbook up starts it, and none is up with this state directory',
    fix: 'runbook up --detach',
  });
}
