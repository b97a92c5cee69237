// The bridge to a phone's own parts, and how nobody waits for them for ever.

/** Asks the shell, or one of its plugins, by the name of the command. */
export type Ask = (command: string, args?: Record<string, unknown>) => Promise<unknown>;

/** What a command was refused for, if it says so in a code. */
export function codeOf(refusal: unknown): unknown {
  return typeof refusal === 'object' && refusal !== null && 'code' in refusal ? refusal.code : null;
}

/** What the phone knows without asking anybody. */
export const KNOWN_MS = 2_000;
/** A person reads the system's question, and perhaps asks somebody. */
export const ANSWER_MS = 120_000;

/** The answer, or `otherwise` when it fails, comes too late, or nobody waits for it any more. */
export function within<A, O>(ms: number, answer: Promise<A>, otherwise: O, signal?: AbortSignal): Promise<A | O> {
  let timer: ReturnType<typeof setTimeout>;
  let over = new Promise<O>((resolve) => {
    timer = setTimeout(resolve, ms, otherwise);
    signal?.addEventListener('abort', () => resolve(otherwise), { once: true });
  });
  return Promise.race([answer.catch(() => otherwise), over]).finally(() => clearTimeout(timer));
}
