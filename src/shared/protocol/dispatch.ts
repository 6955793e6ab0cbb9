import { AppError, reportError } from '../app-error.ts';
import { type CallAnswer, type CallName, calls } from './calls.ts';
import type { Answer } from './messages.ts';

/** What a call gets besides its payload. `Signal` is the AbortSignal of the host's process. */
export interface CallContext<Signal> {
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: Signal;
}

/** One function for every call. Its payload has passed the call's schema. */
export type CallHandlers<Signal> = {
  readonly [Name in CallName]: (
    payload: ParsedPayload<Name>,
    context: CallContext<Signal>,
  ) => Promise<CallAnswer<Name>> | CallAnswer<Name>;
};

type ParsedPayload<Name extends CallName> = ReturnType<(typeof calls)[Name]['payload']['parse']>;

/** Answers a call whose name and payload nobody has looked at yet. Never rejects; `onDefect` hears of what is a bug. */
export async function dispatch<Signal>(
  handlers: CallHandlers<Signal>,
  name: unknown,
  payload: unknown,
  context: CallContext<Signal>,
  onDefect: (error: unknown) => void = () => undefined,
): Promise<Answer> {
  try {
    if (!isCallName(name)) throw new AppError('usage', 'There is no such call.');
    return { ok: true, value: await handle(handlers, name, payload, context) };
  } catch (error) {
    if (!(error instanceof AppError)) onDefect(error);
    return { ok: false, error: withoutStack(error) };
  }
}

const isCallName = (name: unknown): name is CallName => typeof name === 'string' && Object.hasOwn(calls, name);

function handle<Name extends CallName, Signal>(
  handlers: CallHandlers<Signal>,
  name: Name,
  payload: unknown,
  context: CallContext<Signal>,
): Promise<CallAnswer<Name>> | CallAnswer<Name> {
  const parsed = calls[name].payload.safeParse(payload);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new AppError('usage', `The call ${name} was made wrongly: ${issue?.path.join('.')} ${issue?.message}.`);
  }
  // TypeScript can't see that a schema and a handler of the same name fit each other.
  return handlers[name](parsed.data as ParsedPayload<Name>, context);
}

/** The log has it; a window has no use for it. */
function withoutStack(error: unknown): Extract<Answer, { ok: false }>['error'] {
  const report = reportError(error);
  return report.code === 'bug' ? { ...report, details: {} } : report;
}
