// Pasted into both worlds of a page before its own scripts: no imports, and nothing is kept outside of the function.

export interface WorldLink {
  /** Gives the page an object, as contextBridge does: values are cloned, functions can be called from either side. */
  expose(key: string, api: unknown): void;
}

/**
 * One end of the link between the page's world and the preload's. They share nothing but the document, so a call is an
 * event on it, under a name that the page can't guess; it is dispatched at once, and Chromium clones what it carries.
 */
export function createWorldLink(role: 'page' | 'preload', secret: string): WorldLink {
  type Packed =
    | { readonly kind: 'value'; readonly value: unknown }
    | { readonly kind: 'function' | 'promise'; readonly id: number }
    | { readonly kind: 'error'; readonly message: string }
    | { readonly kind: 'list'; readonly items: readonly Packed[] }
    | { readonly kind: 'object'; readonly entries: readonly (readonly [string, Packed])[] };
  type Outcome = { readonly ok: boolean; readonly packed: Packed };
  type Message =
    | { readonly kind: 'expose'; readonly key: string; readonly packed: Packed }
    | { readonly kind: 'call'; readonly id: number; readonly args: readonly Packed[] }
    | ({ readonly kind: 'reply' } & Outcome)
    | ({ readonly kind: 'settle'; readonly id: number } & Outcome);

  // The page may replace these later.
  const CustomEventOfPage = CustomEvent;
  const dispatch = EventTarget.prototype.dispatchEvent.bind(document);
  const other = role === 'page' ? 'preload' : 'page';
  const functions = new Map<number, (...args: readonly unknown[]) => unknown>();
  const promised = new Map<number, PromiseWithResolvers<unknown>>();
  const replyTo: ((outcome: Outcome) => void)[] = [];
  let lastId = 0;

  const send = (message: Message): void => {
    dispatch(new CustomEventOfPage(secret + other, { detail: message }));
  };

  const pack = (value: unknown): Packed => {
    if (typeof value === 'symbol') throw new TypeError('An object could not be cloned.');
    if (typeof value === 'function') {
      lastId += 1;
      functions.set(lastId, value as (...args: readonly unknown[]) => unknown);
      return { kind: 'function', id: lastId };
    }
    if (typeof value !== 'object' || value === null) return { kind: 'value', value };
    if (value instanceof Promise) {
      lastId += 1;
      const id = lastId;
      value.then(
        (result) => send({ kind: 'settle', id, ...outcomeOf(() => result) }),
        (error) => send({ kind: 'settle', id, ok: false, packed: packError(error) }),
      );
      return { kind: 'promise', id };
    }
    if (value instanceof Error) return packError(value);
    if (Array.isArray(value)) return { kind: 'list', items: value.map(pack) };
    if (Object.prototype.toString.call(value) === '[object Object]') {
      return { kind: 'object', entries: Object.entries(value).map(([key, member]) => [key, pack(member)] as const) };
    }
    structuredClone(value); // throws what Chromium throws
    return { kind: 'value', value };
  };

  const packError = (error: unknown): Packed => ({
    kind: 'error',
    message: error instanceof Error ? error.message : String(error),
  });

  const unpack = (packed: Packed): unknown => {
    switch (packed.kind) {
      case 'value':
        return packed.value;
      case 'function':
        return (...args: readonly unknown[]) => ask({ kind: 'call', id: packed.id, args: args.map(pack) });
      case 'promise': {
        const promise = Promise.withResolvers<unknown>();
        promised.set(packed.id, promise);
        return promise.promise;
      }
      case 'error':
        return new Error(packed.message);
      case 'list':
        return packed.items.map(unpack);
      case 'object':
        return Object.fromEntries(packed.entries.map(([key, member]) => [key, unpack(member)]));
    }
  };

  const outcomeOf = (work: () => unknown): Outcome => {
    try {
      return { ok: true, packed: pack(work()) };
    } catch (error) {
      return { ok: false, packed: packError(error) };
    }
  };

  const ask = (message: Message): unknown => {
    let outcome: Outcome | undefined;
    replyTo.push((came) => {
      outcome = came;
    });
    try {
      send(message);
    } finally {
      replyTo.pop();
    }
    if (outcome === undefined) throw new Error('An object could not be cloned.');
    const value = unpack(outcome.packed);
    if (outcome.ok) return value;
    throw value;
  };

  const freeze = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    for (const member of Object.values(value)) freeze(member);
    return Object.freeze(value);
  };

  const receive = (message: Message): void => {
    switch (message.kind) {
      case 'reply':
        replyTo.at(-1)?.(message);
        return;
      case 'settle': {
        const promise = promised.get(message.id);
        promised.delete(message.id);
        if (message.ok) promise?.resolve(unpack(message.packed));
        else promise?.reject(unpack(message.packed));
        return;
      }
      case 'call': {
        const { id, args } = message;
        send({ kind: 'reply', ...outcomeOf(() => functions.get(id)?.(...args.map(unpack))) });
        return;
      }
      case 'expose': {
        const { key, packed } = message;
        const define = (): void => {
          if (Object.hasOwn(window, key)) throw new Error('Cannot bind an API on top of an existing property');
          Object.defineProperty(window, key, { value: freeze(unpack(packed)), enumerable: true });
        };
        send({ kind: 'reply', ...outcomeOf(define) });
        return;
      }
    }
  };

  document.addEventListener(secret + role, (event) => {
    const message: Message | null = (event as CustomEvent).detail;
    if (message !== null) receive(message);
  });

  return {
    expose: (key, api) => {
      ask({ kind: 'expose', key, packed: pack(api) });
    },
  };
}
