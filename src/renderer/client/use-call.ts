import {
  keepPreviousData,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
} from '@tanstack/react-query';
import type { CallAnswer, CallName, CallPayload } from '../../shared/protocol/calls.ts';
import { useClient } from './client-context.ts';

export interface CallOptions {
  /** False: not asked yet. */
  readonly enabled?: boolean;
  /** Shows the answer to the last payload while the next is on its way. */
  readonly keepPrevious?: boolean;
  /** Asked anew wherever it is shown: for what no event tells of. */
  readonly isFresh?: boolean;
}

/** The answer to a call, kept, and asked for again when the host says that it has changed. */
export function useCall<Name extends CallName>(
  name: Name,
  payload: CallPayload<Name>,
  { enabled = true, keepPrevious = false, isFresh = false }: CallOptions = {},
): UseQueryResult<CallAnswer<Name>> {
  const client = useClient();
  return useQuery<CallAnswer<Name>>({
    queryKey: [name, payload],
    queryFn: ({ signal }) => client.call(name, payload, { signal }),
    enabled,
    ...(isFresh ? { staleTime: 0, gcTime: 0 } : {}),
    ...(keepPrevious ? { placeholderData: keepPreviousData } : {}),
  });
}

/** A call that changes something: `mutate(payload)`. What it changes comes back through the host's events. */
export function useAction<Name extends CallName>(
  name: Name,
): UseMutationResult<CallAnswer<Name>, Error, CallPayload<Name>> {
  const client = useClient();
  return useMutation<CallAnswer<Name>, Error, CallPayload<Name>>({
    mutationFn: (payload) => client.call(name, payload),
  });
}
