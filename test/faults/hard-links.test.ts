import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createFaultPlace } from './support/fault-place.ts';
import { snapshotOf } from './support/json-ending.ts';
import { whyNoStrace } from './support/strace.ts';

test.skipIf(whyNoStrace).for(['EMLINK', 'EPERM', 'EOPNOTSUPP'])(
  'where a file has too many names, or the disk knows no second ones (%s), unchanged code is copied, and verifies',
  async (error) => {
    const place = createFaultPlace();
    const engine = place.engine({ clock: { now: () => Date.now() + 60_000 } });
    const first = await engine.run({ trigger: 'manual' });
    const trace = join(place.folder, 'trace');
    const inject = ['-e', 'trace=link,linkat', '-e', `inject=link,linkat:error=${error}`];
    const wrapper = ['strace', '-f', '-qq', '-o', trace, ...inject];
    const second = snapshotOf(await place.run(['run', '--json'], { wrapper }));
    expect(second).toMatchObject({ status: 'verified', code: { linked: true } });
    for (const file of ['codex-code.tar.gz', 'code-index.json.gz']) {
      expect(statSync(join(second.path, file)).ino, file).not.toBe(statSync(join(first.path, file)).ino);
      expect(statSync(join(second.path, file)).size, file).toBe(statSync(join(first.path, file)).size);
    }
    expect((await engine.verify([second.id])).flatMap(({ problems }) => problems)).toEqual([]);
    await engine.close();
  },
);
