// node boot-utility.ts MODULE …: gives a process of the app what Electron gives it, then runs its module.
import { EventEmitter } from 'node:events';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { encodeMessage } from './json-only.ts';

const send = process.send?.bind(process);

class ParentPort extends EventEmitter {
  readonly #early: string[] = [];

  constructor() {
    super();
    // Messages wait for the first listener.
    this.on('newListener', (name) => {
      if (name === 'message') queueMicrotask(() => this.#deliverEarly());
    });
  }

  postMessage(message: unknown): void {
    send?.(encodeMessage({ data: message }));
  }

  receive(text: string): void {
    if (this.listenerCount('message') === 0) this.#early.push(text);
    else this.emit('message', { data: JSON.parse(text).data, ports: [] });
  }

  #deliverEarly(): void {
    for (const text of this.#early.splice(0)) this.receive(text);
  }
}

const parentPort = new ParentPort();
process.on('message', (text: string) => parentPort.receive(text));
// Chromium ends its processes with the app, at once. That it might fail to do so is another thing to be tested.
process.on('disconnect', () => {
  if (process.env['ELECTRON_HOST_ORPHANS'] !== '1') process.kill(process.pid, 'SIGKILL');
});
const versions = { ...process.versions, electron: process.env['ELECTRON_HOST_VERSION'] };
delete process.env['ELECTRON_HOST_VERSION'];
Object.defineProperties(process, {
  versions: { value: versions },
  type: { value: 'utility' },
  parentPort: { value: parentPort },
  send: { value: undefined },
});
process.argv.splice(1, 1);
await import(pathToFileURL(resolve(process.argv[1] ?? '')).href);
