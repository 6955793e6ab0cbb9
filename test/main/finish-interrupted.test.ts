import { expect, test } from 'vitest';
import { finishInterrupted } from '../../src/main/finish-interrupted.ts';
import type { PanelClient } from '../../src/shared/protocol/client.ts';
import { createJob, createStatus, createView } from './support/views.ts';

test('a watch that begins is waited for: it finishes or rolls back by itself', () => {
  const asked: unknown[] = [];
  const client = { call: async (name: string) => asked.push(name) } as unknown as PanelClient;
  const take = finishInterrupted(client, () => undefined);
  take(createView({ status: createStatus({ interrupted: ['restore-1'], watching: { kind: 'off', error: null } }) }));
  expect(asked).toEqual([]);
  take(createView({ status: createStatus({ interrupted: ['restore-1'], watching: { kind: 'here' } }) }));
  expect(asked).toEqual(['start']);
});

test('a restore that a crash interrupted is finished or rolled back once, without being asked', () => {
  const asked: unknown[] = [];
  const client = {
    call: async (name: string, payload: unknown) => asked.push({ name, payload }),
  } as unknown as PanelClient;
  const take = finishInterrupted(client, () => undefined);
  const interrupted = createStatus({ interrupted: ['restore-1'] });
  take(createView());
  take(createView({ status: interrupted, jobs: [createJob({ kind: 'recover' })] }));
  expect(asked).toEqual([]);
  take(createView({ status: interrupted }));
  take(createView({ status: interrupted }));
  expect(asked).toEqual([{ name: 'start', payload: { job: { kind: 'recover' } } }]);
  take(createView({ status: createStatus({ interrupted: ['restore-2'] }) }));
  expect(asked).toHaveLength(2);
});
