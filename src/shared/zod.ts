import { z } from 'zod';

// Compiling a schema takes longer than the few times that one is used, and a page with a strict CSP may not compile.
z.config({ jitless: true });

export { z };
