// node boot-utility.ts MODULE …: gives a process of the app what Electron gives it, then runs its module.
import { EventEmitter } from 'node:events';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

interface Message {
  readonly data: unknown;
}

const send = process.send?.bind(process);

class ParentPort extends EventEmitter {
  readonly #early: Message[] = [];

  constructor() {
    super();
    // Messages wait for the first listener.
    this.on('newListener', (name) => {
      if (name === 'message') queueMicrotask(() => this.#deliverEarly());
    });
  }

  postMessage(message: unknown): void {
    send?.({ data: structuredClone(message) });
  }

  receive(message: Message): void {
    if (this.listenerCount('message') === 0) this.#early.push(message);
    else this.emit('message', { data: message.data, ports: [] });
  }

  #deliverEarly(): void {
    for (const message of this.#early.splice(0)) this.receive(message);
  }
}

const parentPort = new ParentPort();
process.on('message', (message: Message) => parentPort.receive(message));
// Chromium ends its processes with the app, at once, whatever they are at. That it might fail to do so is another thing
// to be tested.
if (process.env['ELECTRON_HOST_ORPHANS'] !== '1') {
  const code = `setInterval(() => process.ppid === ${process.ppid} || process.kill(process.pid, 'SIGKILL'), 100);`;
  new Worker(code, { eval: true }).unref();
}
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
