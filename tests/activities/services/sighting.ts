import type { Sighting } from '../../../src/activities/services/recognition.ts';

/** A compose service that shows nothing; a test says what there is to see. */
export const sighting = (changes: Partial<Sighting> = {}): Sighting => ({
  service: 'it',
  image: 'acme/it:1',
  words: [],
  variables: [],
  ports: [],
  healthCheck: [],
  mounts: [],
  restartsOnSuccess: false,
  isAwaitedEnd: false,
  ...changes,
});
