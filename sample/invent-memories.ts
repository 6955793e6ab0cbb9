/** One body of `POST /event`, with the time at which it happened. */
export interface InventedEvent {
  readonly kind: string;
  readonly event: { readonly sessionId: string } & Readonly<Record<string, unknown>>;
  readonly createdAt: string;
}

export interface InventedDocument {
  readonly docId: string;
  readonly domain: string;
  readonly type: string;
  readonly title: string;
  readonly source: string;
  readonly tags: readonly string[];
  readonly chunks: readonly string[];
  readonly ingestedAt: string;
}

const firstMoment = Date.UTC(2025, 10, 17, 7, 30);
const subjects = [
  'the garden plan',
  'the trip to Lisbon',
  'the piano lessons',
  "Anna's birthday",
  'the tax letter',
  'the book on tides',
];
const questions = [
  'What did we decide about SUBJECT?',
  'Remind me of SUBJECT tomorrow at nine.',
  'I changed my mind about SUBJECT; let us start over.',
  'Please summarise what you know about SUBJECT.',
];
const answers = [
  'Last week you wanted to keep SUBJECT small, and to ask Tom before you spend anything.',
  'There are three notes on SUBJECT. The newest says that it can wait until the first of the month.',
  'I have written SUBJECT down, with the date and the two names that you gave me.',
  'SUBJECT came up in four talks. You sounded sure about it each time but the first.',
];
const kinds = ['TurnAppended', 'TurnAppended', 'TurnAppended', 'TurnAppended', 'ToolCalled', 'SessionStarted'];

/** Believable events, the same for the same count. */
export function inventEvents(count: number): readonly InventedEvent[] {
  const pick = createPicker(1);
  return Array.from({ length: count }, (_, index) => inventEvent(index, pick));
}

/** One believable event; `index` numbers it, `pick` chooses its words. */
export function inventEvent(index: number, pick: Picker): InventedEvent {
  const createdAt = new Date(firstMoment + index * 25 * 60_000).toISOString();
  const sessionId = `session-${createdAt.slice(0, 10)}-${1 + (Math.floor(index / 12) % 5)}`;
  const kind = pick(kinds);
  const subject = pick(subjects);
  if (kind === 'SessionStarted')
    return { kind, event: { sessionId, channel: pick(['voice', 'desktop', 'phone']) }, createdAt };
  if (kind === 'ToolCalled') {
    return {
      kind,
      event: { sessionId, tool: pick(['calendar.add', 'browser.open', 'mail.read']), about: subject },
      createdAt,
    };
  }
  const role = index % 2 === 0 ? 'user' : 'assistant';
  const text = pick(role === 'user' ? questions : answers).replaceAll('SUBJECT', subject);
  return { kind, event: { sessionId, role, text, turn: index + 1 }, createdAt };
}

/** What somebody might say to Codex, and what it answers: bodies of `POST /turn`. */
export const inventTurns = (): readonly InventedEvent['event'][] =>
  inventEvents(80).flatMap(({ kind, event }) => (kind === 'TurnAppended' ? [event] : []));

/** Believable documents with their chunks, the same for the same count. */
export function inventDocuments(count: number): readonly InventedDocument[] {
  const pick = createPicker(2);
  return Array.from({ length: count }, (_, index) => {
    const subject = pick(subjects);
    return {
      docId: `doc-${String(index + 1).padStart(4, '0')}`,
      domain: pick(['home', 'work', 'health']),
      type: pick(['note', 'letter', 'web-page']),
      title: `Notes on ${subject}`,
      source: `inbox/${index + 1}.md`,
      tags: [pick(['idea', 'todo', 'fact']), pick(['family', 'money', 'music'])],
      chunks: Array.from({ length: 3 }, () => inventParagraph(subject, pick)),
      ingestedAt: new Date(firstMoment + index * 6 * 3_600_000).toISOString(),
    };
  });
}

function inventParagraph(subject: string, pick: Picker): string {
  return Array.from({ length: 7 }, () => pick(answers).replaceAll('SUBJECT', subject)).join(' ');
}

export type Picker = <Item>(items: readonly [Item, ...Item[]] | readonly Item[]) => Item;

/** A small repeatable source of choices (mulberry32). */
export function createPicker(seed: number): Picker {
  let state = seed;
  return (items) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    const item = items[((mixed ^ (mixed >>> 14)) >>> 0) % items.length];
    if (item === undefined) throw new RangeError('there is nothing to pick from');
    return item;
  };
}
