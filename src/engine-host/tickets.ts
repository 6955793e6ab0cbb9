import { randomBytes } from 'node:crypto';

/** Random names for things that a window may use and not name itself. */
export interface Tickets<T> {
  issue(thing: T): string;
  /** Undefined for a name that was never given out, was used up, or is too old. */
  look(ticket: string): T | undefined;
  /** As `look`; the name means nothing afterwards. */
  take(ticket: string): T | undefined;
}

export interface TicketOptions {
  readonly now: () => number;
  readonly lifeMs: number;
  /** The oldest goes when there are more. */
  readonly most: number;
}

export function createTickets<T>({ now, lifeMs, most }: TicketOptions): Tickets<T> {
  const things = new Map<string, { readonly thing: T; readonly endsMs: number }>();
  const look = (ticket: string): T | undefined => {
    const found = things.get(ticket);
    return found !== undefined && found.endsMs > now() ? found.thing : undefined;
  };
  return {
    issue: (thing) => {
      const [oldest] = things.keys();
      if (things.size >= most && oldest !== undefined) things.delete(oldest);
      const ticket = newTicket();
      things.set(ticket, { thing, endsMs: now() + lifeMs });
      return ticket;
    },
    look,
    take: (ticket) => {
      const thing = look(ticket);
      things.delete(ticket);
      return thing;
    },
  };
}

/** 192 random bits. */
export const newTicket = (): string => randomBytes(24).toString('base64url');
