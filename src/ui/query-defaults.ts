import type { QueryClientConfig } from '@tanstack/react-query'
import { KisekiError } from '../model/errors.ts'

/** How often a server that does not answer is asked again. */
const AGAIN_MILLIS = 2000

/** That nobody answered, in contrast to an answer that says no. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof KisekiError && error.code === 'KISEKI_UNREACHABLE'
}

/**
 * A server that does not answer is asked until it does. A refusal does not get better by asking again at once; the
 * page offers to try again.
 */
export const QUERY_DEFAULTS: QueryClientConfig = {
  defaultOptions: {
    queries: {
      retry: (_, error) => isUnreachable(error),
      retryDelay: AGAIN_MILLIS,
      refetchOnWindowFocus: false,
      // A browser without a network still reaches a server on its own machine.
      networkMode: 'always',
    },
  },
}
