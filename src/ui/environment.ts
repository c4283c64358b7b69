import { type Context, createContext, useContext } from 'react'
import type { QueryServiceClient } from '../client/query-client.ts'

/** What the page stands on. */
export interface EnvironmentValue {
  readonly client: QueryServiceClient
  /** Where the page is served, without a slash at the end: empty, or `/jaeger`. */
  readonly basePath: string
}

export const Environment: Context<EnvironmentValue | undefined> = createContext<EnvironmentValue | undefined>(
  undefined,
)

export function useEnvironment(): EnvironmentValue {
  const value = useContext(Environment)
  if (value === undefined) throw new Error('the page is rendered outside of <Environment>')
  return value
}
