import type {
  LockAsker,
  LockBook,
  LockBreak,
  LockHolder,
  LockOwner,
  LockRequest,
} from '../../shared/lock.ts';

const same = (a: LockOwner, b: LockOwner) =>
  a.workflowId === b.workflowId && a.execution === b.execution;

/** Takes a request in, once: a repeat of a waiting one changes nothing, of a held one grants it again. */
export function enqueue(book: LockBook, request: LockRequest, nowMs: number): void {
  // A workflow id runs once at a time, so another execution of it is over.
  book.holders = book.holders.filter(
    (holder) => holder.workflowId !== request.workflowId || same(holder, request),
  );
  if (book.queue.some((waiting) => same(waiting, request))) return;
  book.queue.push({ ...request, at: new Date(nowMs).toISOString() });
}

/** Removes an owner, whether it holds or waits. */
export function free(book: LockBook, owner: LockOwner): void {
  book.holders = book.holders.filter((holder) => !same(holder, owner));
  book.queue = book.queue.filter((waiting) => !same(waiting, owner));
}

/**
 * Moves whoever may hold the lock now from the queue to the holders and returns them. Tokens follow the clock,
 * so they still grow when the lock's own history was lost.
 */
export function grantNext(book: LockBook, nowMs: number): LockHolder[] {
  // Whoever holds it already and asks again gets the same answer again, whatever the queue.
  const granted = book.holders.filter((holder) => book.queue.some((asker) => same(asker, holder)));
  book.queue = book.queue.filter((asker) => !granted.some((holder) => same(asker, holder)));
  for (let next = book.queue[0]; next && mayHold(book, next); next = book.queue[0]) {
    book.queue.shift();
    book.token = Math.max(book.token + 1, nowMs);
    const holder = { ...next, at: new Date(nowMs).toISOString(), token: book.token };
    book.holders.push(holder);
    granted.push(holder);
  }
  return granted;
}

/** Throws when this owner neither holds the lock nor waits for it. */
export function requireParty(book: LockBook, request: LockOwner): void {
  if ([...book.holders, ...book.queue].some((party) => same(party, request))) return;
  throw new Error(`${request.workflowId} neither holds ${book.key} nor waits for it`);
}

const brokenKept = 20;

/** Takes an owner out, as `free` does, and keeps who did so and why. */
export function breakLock(book: LockBook, request: LockBreak, nowMs: number): void {
  free(book, request);
  const entry = { ...request, at: new Date(nowMs).toISOString() };
  book.broken = [entry, ...(book.broken ?? [])].slice(0, brokenKept);
}

function mayHold(book: LockBook, { mode }: LockAsker): boolean {
  if (book.holders.length === 0) return true;
  return mode !== 'exclusive' && book.holders.every((holder) => holder.mode === mode);
}
