/** Entry of the worker threads that unpack our own archives. */

import { serveJobs } from '../platform/serve-jobs.ts';
import { extractPacks } from './extract-packs.ts';

serveJobs(extractPacks);
