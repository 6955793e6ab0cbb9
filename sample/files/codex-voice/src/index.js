import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ports, startService } from '@codex/shared';
import { listen } from './listen.js';

const prompts = join(dirname(fileURLToPath(import.meta.url)), '..', 'prompts');

startService({
  name: 'voice',
  port: ports.voice,
  routes: {
    'GET /prompts': () =>
      readdirSync(prompts).map((name) => ({ name, text: readFileSync(join(prompts, name), 'utf8').trim() })),
  },
});

await listen();
