import type { Recognize } from '../recognition.ts';

/** More than an image's name can weigh: jobs run in the images of the servers that they work on. */
const weight = 20;

export const recognize: Recognize = ({ isAwaitedEnd, exitCode, restartsOnSuccess }) => {
  if (restartsOnSuccess) return undefined;
  const reasons = [
    ...(isAwaitedEnd ? ['another service waits until it has ended well'] : []),
    ...(exitCode === 0 ? ['it has ended with exit code 0'] : []),
  ];
  return reasons.length === 0 ? undefined : { weight, reasons, settings: [{}] };
};
