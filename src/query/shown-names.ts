import type { Operation, SpanReader, TraceQuery } from '../storage/span-store.ts'
import { NO_NAME, NO_SERVICE } from '../wire/jaeger-names.ts'

/** The services as traces show them: spans that name none are of one that can be asked for like the others. */
export async function shownServices(store: SpanReader): Promise<readonly string[]> {
  const services = await store.services()
  const nameless = await store.operations('')
  if (nameless.length === 0 || services.includes(NO_SERVICE)) return services
  return [...services, NO_SERVICE].sort()
}

/** The operations of a service by the name that is shown, as traces show them. */
export async function shownOperations(store: SpanReader, service: string): Promise<readonly Operation[]> {
  const operations = await store.operations(await storedService(store, service))
  return operations.map(operation => (operation.name === '' ? { ...operation, name: NO_NAME } : operation))
}

/** What a query for shown names means to the store. A service that really has such a name goes before. */
export async function storedNames(store: SpanReader, query: TraceQuery): Promise<TraceQuery> {
  const { service, operation } = query
  if (service !== NO_SERVICE && operation !== NO_NAME) return query
  return {
    ...query,
    ...(service === undefined ? {} : { service: await storedService(store, service) }),
    ...(operation === NO_NAME ? { operation: '' } : {}),
  }
}

async function storedService(store: SpanReader, shown: string): Promise<string> {
  return shown === NO_SERVICE && !(await store.services()).includes(shown) ? '' : shown
}
