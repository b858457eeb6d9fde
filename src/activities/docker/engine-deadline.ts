import { dockerUnreachable } from './engine-errors.ts';

/** Bounds a call to the engine: a frozen daemon accepts connections and never answers. */
export function createDeadline(timeoutMs: number) {
  return async <T>(work: Promise<T>, extraMs = 0): Promise<T> => {
    const limitMs = timeoutMs + extraMs;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(dockerUnreachable(`no answer within ${limitMs / 1000} s`)),
        limitMs,
      );
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  };
}
