import type { Page } from 'playwright-core';

/** What a page can do whose own scripts are an attacker's: it has the bridge, and speaks to it as it likes. */
export interface TakenOverPage {
  /** Opens a channel of its own, sends the texts, and answers all that comes until the channel is closed or still. */
  send(...texts: readonly string[]): Promise<readonly { readonly kind: string; readonly text?: string }[]>;
  /** Calls the host as the panel does, and answers what it says to it. */
  call(name: string, payload: unknown): Promise<{ readonly ok: boolean; readonly error?: { readonly code: string } }>;
}

export function takeOver(page: Page): TakenOverPage {
  let channel = 1000;
  const send: TakenOverPage['send'] = (...texts) => {
    channel += 1;
    return page.evaluate(sendOnChannel, { channel: String(channel), texts: [...texts] });
  };
  return {
    send,
    call: async (name, payload) => {
      const came = await send(JSON.stringify({ t: 'q', m: 'call', i: 'call', a: [1, name, payload] }));
      const answer = came.map(({ text }) => JSON.parse(text ?? '{}')).find(({ i }) => i === 'call');
      if (answer === undefined) throw new Error(`The host has closed the channel: ${JSON.stringify(came)}`);
      return answer.r;
    },
  };
}

interface Message {
  readonly kind: string;
  readonly channel: string;
  readonly text?: string;
}

/** Runs in the page. */
function sendOnChannel({ channel, texts }: { readonly channel: string; readonly texts: readonly string[] }) {
  // A host that has twenty thousand messages to look at before is still for a while.
  const quietMs = 60_000;
  type Bridge = { post(message: Message): void; onMessage(listener: (message: Message) => void): () => void };
  const { codexBackup } = globalThis as unknown as { readonly codexBackup: Bridge };
  return new Promise<Message[]>((resolve) => {
    const came: Message[] = [];
    const end = (): void => {
      stop();
      resolve(came);
    };
    let silence = setTimeout(end, quietMs);
    const stop = codexBackup.onMessage((message) => {
      if (message.channel !== channel) return;
      clearTimeout(silence);
      if (message.kind === 'opened') for (const text of texts) codexBackup.post({ kind: 'text', channel, text });
      else came.push(message);
      // Events of the host come at any time; an answer is the last to be waited for.
      if (message.kind === 'close' || message.text?.includes('"t":"s"')) end();
      else silence = setTimeout(end, quietMs);
    });
    codexBackup.post({ kind: 'open', channel });
  });
}
