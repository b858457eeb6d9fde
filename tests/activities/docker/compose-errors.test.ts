import { describe, expect, test } from 'vitest';
import { composeError, takenPort } from '../../../src/activities/docker/compose-errors.ts';
import { RunbookError } from '../../../src/shared/errors.ts';

const upFailed = (why: string) => new RunbookError('RB_COMPOSE_UP_FAILED', 'x failed', { why });

describe('a port that is taken', () => {
  test.for([
    'Bind for 127.0.0.1:18099 failed: port is already allocated',
    'Error starting userland proxy: listen tcp4 127.0.0.1:18099: bind: address already in use',
    'failed to bind host port for 0.0.0.0:18099:172.17.0.2:80/tcp: x\nBind for 0.0.0.0:18099 failed: port is already allocated',
    'listen tcp :18099: bind: address already in use',
  ])('is found in %s', (line) => {
    expect(takenPort(upFailed(`exit code 1\nError response from daemon: ${line}`))).toBe(18_099);
  });

  test('is not read into other failures', () => {
    expect(takenPort(upFailed('Error response from daemon: no such network'))).toBeUndefined();
  });
});

describe('what Compose says', () => {
  test('about a daemon that is away becomes a reason to try again', () => {
    const text =
      'exit code 1\nCannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?';
    expect(composeError(upFailed(text), 'web')).toMatchObject({
      code: 'RB_DOCKER_UNREACHABLE',
      retry: 'maybe',
    });
  });

  test('about an image that is not here names the service', () => {
    expect(composeError(upFailed('Error: No such image: x:1'), 'web')).toMatchObject({
      code: 'RB_IMAGE_MISSING',
      retry: 'never',
      message: 'an image for web is not on this host',
    });
  });

  test('an error of ours, such as a stop, passes through', () => {
    const stop = new Error('stopped');
    expect(composeError(stop, 'web')).toBe(stop);
  });
});
