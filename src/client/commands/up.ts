import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { exitCodes } from '../../shared/exit-codes.ts';
import { collect, examples } from '../options.ts';
import { answer, answerJson, type ExitCode, type Host, note, type Session } from '../session.ts';
import { startFormLink, uiLink, upLines } from '../up/links.ts';
import type { UpNote } from '../up/note.ts';

export interface UpOptions {
  readonly detach: boolean;
  readonly port: number;
  readonly uiPort: number;
  readonly codecPort: number;
  readonly platforms: readonly string[];
  readonly worker: boolean;
}

const defaultPort = 7233;
/** The distance that the temporal command itself keeps between its two ports. */
const uiDistance = 1000;
const codecDistance = 2000;

export function upCommand(host: Host, work = up) {
  return new Command('up')
    .description(
      'Start the embedded Temporal server, its UI, the codec server that decrypts for it, and a ' +
        'worker, wait until they answer, and keep them running. Without --detach, Ctrl-C stops ' +
        'them; runs go on at the next up.',
    )
    .option('-d, --detach', 'leave them running in the background')
    .option('--port <number>', 'port of the server', portNumber, defaultPort)
    .option('--ui-port <number>', 'port of the UI (default: the port + 1000)', portNumber)
    .option(
      '--codec-port <number>',
      'port of the codec server (default: the port + 2000)',
      portNumber,
    )
    .option('--platform <file>', 'platform file of the worker; repeatable', collect)
    .option('--no-worker', 'only the server')
    .addHelpText('after', examples('runbook up --detach --platform compose/lab/platform.yaml'))
    .action(({ detach, port, uiPort, codecPort, platform, worker }) =>
      host.perform(work, {
        detach: detach ?? false,
        port,
        uiPort: uiPort ?? port + uiDistance,
        codecPort: codecPort ?? port + codecDistance,
        platforms: platform ?? [],
        worker,
      }),
    );
}

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new InvalidArgumentError('expected a number from 1 to 65535.');
}

export async function up(options: UpOptions, session: Session): Promise<ExitCode> {
  const { requirePlatforms } = await import('../local/platforms-here.ts');
  if (options.platforms.length > 0) await requirePlatforms(options.platforms, session);
  const { existingUp } = await import('../up/existing.ts');
  const existing = await existingUp(session);
  if (existing !== undefined) {
    const { requireKnownPlatforms } = await import('../up/other-platforms.ts');
    requireKnownPlatforms(options.platforms, existing, session.cwd);
    return tellUp(session, 'runbook is up already', existing);
  }
  if (options.worker) {
    if (options.platforms.length === 0) await requirePlatforms([], session);
    const { warnOfUnsetNotify } = await import('../local/unset-notify.ts');
    await warnOfUnsetNotify(options.platforms, session);
  }
  if (options.detach) {
    const { detachUp } = await import('../up/detach.ts');
    return tellUp(session, 'runbook is up', await detachUp(options, session));
  }
  const { runUp } = await import('../up/run-up.ts');
  await runUp(options, session, (ready) =>
    tellUp(session, 'runbook is up; Ctrl-C stops it', ready),
  );
  note(session, ['runbook is down; runs go on at the next up']);
  return exitCodes.done;
}

function tellUp(session: Session, words: string, upNote: UpNote): ExitCode {
  const { address, namespace, uiPort, adopted } = upNote;
  if (session.settings.output !== 'text') {
    const links = { ui: uiLink(uiPort), start: startFormLink(uiPort, namespace, 'deploy') };
    answerJson(session, { address, namespace, adopted, ...links });
    return exitCodes.done;
  }
  const how = adopted ? `${words}, beside the server that was at ${address} already` : words;
  note(session, [how]);
  answer(session, upLines(upNote));
  return exitCodes.done;
}
