/** A protobuf timestamp, whose seconds are a 64-bit number of the library. */
export interface TimestampLike {
  readonly seconds?: unknown;
  readonly nanos?: number | null;
}

export function instant(time: TimestampLike | null | undefined): Date {
  return new Date(Number(time?.seconds ?? 0) * 1000 + Number(time?.nanos ?? 0) / 1e6);
}
