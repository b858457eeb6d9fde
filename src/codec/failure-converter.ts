import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  DefaultFailureConverter,
  type PayloadConverter,
  type ProtoFailure,
  type SerializationContext,
} from '@temporalio/common';
import { refusedType } from './refused.ts';

/**
 * Moves message and stack of a failure into a payload, which the codec encrypts. Type and retryability stay
 * plain, and in the place of the message stands what may be known: the code and the step.
 */
class SealingFailureConverter extends DefaultFailureConverter {
  override errorToFailure(
    error: unknown,
    payloads: PayloadConverter,
    context?: SerializationContext,
  ): ProtoFailure {
    // A copy: the SDK keeps the failure of an error and would seal it again.
    const failure = { ...this.errorToFailureInner(error, payloads, context) };
    const { message, stackTrace } = failure;
    if (isRefusal(error)) return { ...failure, stackTrace: '' };
    return {
      ...failure,
      message: openWords(error, message ?? ''),
      stackTrace: '',
      encodedAttributes: payloads.toPayload({ message, stack_trace: stackTrace }, context),
    };
  }
}

/** The SDK loads it by this name, into the sandbox of workflows as well. */
export const failureConverter = new SealingFailureConverter();

const isRefusal = (error: unknown) =>
  error instanceof ApplicationFailure && error.type === refusedType;

/** What the SDK itself says about names that are plain anyway; the CLI tells its errors apart by it. */
const sdkWords =
  /^(Workflow did not register a handler for \S+|No registered handler for update: \S+)/;

function openWords(error: unknown, message: string): string {
  const [known] = sdkWords.exec(message) ?? [];
  if (known !== undefined) return known;
  // These messages are the server's and say only what kind of failure it is.
  if (error instanceof ActivityFailure || error instanceof ChildWorkflowFailure) return message;
  if (error instanceof ApplicationFailure) {
    const step = stepOf(error.details);
    const code = error.type || 'Error';
    return `${code}${step === undefined ? '' : ` in step ${step}`} (its message is in encodedAttributes)`;
  }
  // It names a key and a file; sealed with a key that others lack, nobody could tell what is wrong.
  if (isCodecError(error)) return message;
  const name = error instanceof Error ? error.name : 'Error';
  return `${name} (its message is in encodedAttributes)`;
}

const isCodecError = (error: unknown) =>
  error instanceof Error && 'code' in error && /^RB_CODEC_/.test(String(error.code));

interface StepLike {
  readonly id?: unknown;
  readonly error?: unknown;
}

/** Of an attempt's failure the step itself, of a report the last one that failed. */
function stepOf(details: readonly unknown[] | null | undefined): string | undefined {
  const [first] = (details ?? []) as [
    { readonly step?: unknown; readonly steps?: readonly StepLike[] }?,
  ];
  const step = first?.step ?? first?.steps?.findLast?.(({ error }) => error !== undefined)?.id;
  return typeof step === 'string' && /^[\w.-]{1,63}$/.test(step) ? step : undefined;
}
