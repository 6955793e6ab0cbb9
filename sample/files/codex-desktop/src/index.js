import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ports, startService } from '@codex/shared';

const page = join(dirname(fileURLToPath(import.meta.url)), '..', 'public', 'index.html');

startService({
  name: 'desktop',
  port: ports.desktop,
  routes: {
    'GET /': () => readFileSync(page, 'utf8'),
  },
});
