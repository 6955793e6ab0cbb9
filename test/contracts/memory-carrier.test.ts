import { createMemoryCarrier } from '../../src/shared/protocol/memory-carrier.ts';
import { testCarrier } from './carrier-contract.ts';

testCarrier('in process', async () => async (host) => createMemoryCarrier(host.serve));
