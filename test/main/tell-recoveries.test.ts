import { expect, test } from 'vitest';
import type { Notice } from '../../src/main/notice.ts';
import { tellRecoveries } from '../../src/main/tell-recoveries.ts';
import type { PanelClient } from '../../src/shared/protocol/client.ts';
import type { Activity } from '../../src/shared/results.ts';
import { createStatus, createView } from './support/views.ts';

const startedMs = Date.parse('2025-11-22T03:35:00.000Z');
const happened = (id: number, second: number, kind: string): Activity => ({
  id,
  at: new Date(startedMs + second * 1000).toISOString(),
  kind,
  ok: true,
  snapshot: null,
  message: `restore-${id} was interrupted and was rolled back.`,
});

test('a recovery since the start is told once, whoever did it; one of before is not', async () => {
  let activity = [happened(1, -5, 'recover'), happened(2, 5, 'snapshot')];
  const told: Notice[] = [];
  const client = { call: async () => activity } as unknown as PanelClient;
  const take = tellRecoveries({ client, show: (notice) => told.push(notice), startedMs, onFailure: () => undefined });
  take(createView({ status: createStatus() }));
  await expect.poll(() => told).toEqual([]);
  activity = [...activity, happened(3, 6, 'recover')];
  take(createView({ status: createStatus() }));
  await expect
    .poll(() => told)
    .toMatchObject([{ kind: 'restores', body: 'restore-3 was interrupted and was rolled back.' }]);
  take(createView({ status: createStatus() }));
  activity = [...activity, happened(4, 9, 'recover')];
  take(createView({ status: createStatus() }));
  await expect.poll(() => told.length).toBe(2);
});
