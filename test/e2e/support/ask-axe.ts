import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** What hinders people with disabilities in what a page shows now; empty where axe finds nothing. */
export async function askAxe(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .options({ resultTypes: ['violations'] })
    // All in this page, which has no frames: else each look opens another one.
    .setLegacyMode()
    .analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`);
}
