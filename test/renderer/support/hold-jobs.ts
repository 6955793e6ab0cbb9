import type { Page } from 'playwright-core';

/** The invented jobs of that page stand still until `letJobsGo`, so that none is over before it was seen. */
export const holdJobs = (page: Page) => page.evaluate(`document.documentElement.dataset.jobs = 'held'`);

export const letJobsGo = (page: Page) => page.evaluate('delete document.documentElement.dataset.jobs');
