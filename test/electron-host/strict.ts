import { EventEmitter } from 'node:events';

/** Names that languages and libraries look up on anything at all. */
const harmless = new Set(['then', 'toJSON', 'default', '__esModule', 'constructor', 'domain', 'nodeType', 'inspect']);

/**
 * The object, of which every name that it lacks throws: an app that calls more of Electron than this host has shall
 * fail with that name. `real`: the names that Electron has; others are undefined, as they are there.
 */
export function strict<T extends object>(name: string, object: T, real?: ReadonlySet<string>): T {
  return new Proxy(object, {
    get: (target, key, receiver) => {
      if (key in target || typeof key === 'symbol' || harmless.has(key) || real?.has(key) === false) {
        return Reflect.get(target, key, receiver);
      }
      throw new Error(`The stand-in for Electron has no ${name}.${key}.`);
    },
  });
}

/** A class of emitters whose instances are strict. The check ends the prototype chain, so that fields stay private. */
export function strictEmitter(name: string): new () => EventEmitter {
  class StrictEmitter extends EventEmitter {}
  const last = Object.create(EventEmitter.prototype) as EventEmitter;
  const checked = new Proxy(last, {
    get: (target, key, receiver) => {
      if (key in target || typeof key === 'symbol' || key.startsWith('_') || harmless.has(key)) {
        return Reflect.get(target, key, receiver);
      }
      throw new Error(`The stand-in for Electron has no ${name}.${key}.`);
    },
  });
  Object.setPrototypeOf(StrictEmitter.prototype, checked);
  return StrictEmitter;
}

/** What listeners are called with first. Getters of `members` stay getters. */
export function createEvent<T extends object>(members?: T): T & { defaultPrevented: boolean; preventDefault(): void } {
  const event = {
    defaultPrevented: false,
    preventDefault: () => {
      event.defaultPrevented = true;
    },
  };
  return Object.defineProperties(event, Object.getOwnPropertyDescriptors(members ?? {})) as T & typeof event;
}

/** The one place where a part of Electron is taken for the whole: what is missing of it throws when it is asked for. */
export function asWhole<Whole>(part: object): Whole {
  return part as Whole;
}
