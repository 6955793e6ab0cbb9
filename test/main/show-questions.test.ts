import { expect, test } from 'vitest';
import { showQuestions } from '../../src/main/show-questions.ts';
import { createJob, createView } from './support/views.ts';

test('the panel comes up when a job asks something, once for each', () => {
  let shown = 0;
  const take = showQuestions(() => {
    shown += 1;
  });
  const asking = createJob({ question: { kind: 'hold', predictedMs: 1500 } });
  take(createView({ jobs: [createJob()] }));
  expect(shown).toBe(0);
  for (const jobs of [[asking], [asking], [], [{ ...asking, id: 'job-2' }]]) take(createView({ jobs }));
  expect(shown).toBe(2);
});
