import type { Recognize } from '../recognition.ts';

/** Anything, when no other kind knows it. */
export const recognize: Recognize = ({ healthCheck }) => ({
  weight: 0,
  reasons: [
    healthCheck.length > 0
      ? "no kind knows it: Docker's own health check counts"
      : 'no kind knows it and it has no health check: running counts as healthy',
  ],
  settings: [{}],
});
