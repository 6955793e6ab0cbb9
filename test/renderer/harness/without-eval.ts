import { z } from 'zod';

/**
 * Loaded before any schema is made. The fixtures parse settings, which the panel itself never does; by default zod asks
 * whether it may use `eval`, which the page's policy reports.
 */
z.config({ jitless: true });
