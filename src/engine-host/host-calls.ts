import type { CallHandlers } from '../shared/protocol/dispatch.ts';

/** All calls, as a host in Node answers them. */
export type HostCalls = CallHandlers<AbortSignal>;
