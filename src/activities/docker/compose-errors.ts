import { RunbookError, refuse } from '../../shared/errors.ts';
import { dockerUnreachable, saysDockerAway } from './engine-errors.ts';

/** The failures of `up`, `build` and `pull` that have a name of their own. */
export function composeError(error: unknown, services: string): unknown {
  if (!(error instanceof RunbookError)) return error;
  const output = error.why ?? '';
  if (saysDockerAway(output)) return dockerUnreachable(output.split('\n').at(-1) ?? output);
  if (error.code === 'RB_BUILD_FAILED') {
    return refuse(
      'RB_BUILD_FAILED',
      `the image for ${services} could not be built`,
      output,
      'correct what the last lines of the build name, then retry; what stands in a compose file counts in a new run only',
    );
  }
  if (/No such image|image .* not found|pull access denied/i.test(output)) {
    return refuse(
      'RB_IMAGE_MISSING',
      `an image for ${services} is not on this host`,
      output,
      'build or pull the image (the step that prepares images does it), then retry',
    );
  }
  const verb = error.code === 'RB_PULL_FAILED' ? 'pull the image for' : 'bring up';
  return new RunbookError(error.code, `Compose could not ${verb} ${services}`, {
    why: output,
    fix: 'see the last lines of its output; when the cause is outside of the files of the platform, retry, else correct them and start a new run',
    retry: error.retry,
  });
}

/** The host port that Docker could not publish because something else has it. */
export function takenPort(error: unknown): number | undefined {
  if (!(error instanceof RunbookError)) return undefined;
  const match =
    /Bind for \S*?:(\d+) failed: port is already allocated/.exec(error.why ?? '') ??
    /listen (?:tcp|udp)[46]? \S*:(\d+): bind: address already in use/.exec(error.why ?? '') ??
    /exposing port \S+ \S*?:(\d+) ->/.exec(error.why ?? '');
  return match ? Number(match[1]) : undefined;
}
