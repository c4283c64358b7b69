import type { KubeObject } from '../../model/kubernetes.ts'
import type { KubeList, ListOptions } from '../client.ts'
import { failedWith } from '../kube-errors.ts'
import type { Resource } from '../resources.ts'
import { type AnsweredPage, answeredPage } from './answered-object.ts'
import { collectionPath } from './api-path.ts'
import type { KubeTransport } from './kube-transport.ts'
import { apiFailed } from './unreachable.ts'

/** As kubectl and client-go's pager. */
const PAGE_SIZE = 500

/**
 * All objects, page after page. When the server has forgotten the version of the first page meanwhile, all are asked
 * for again at once, as client-go does.
 */
export async function listPages<T extends KubeObject>(
  transport: KubeTransport,
  resource: Resource<T>,
  options: ListOptions,
): Promise<KubeList<T>> {
  const first = await getPage(transport, resource, { ...options, limit: PAGE_SIZE })
  const items = [...first.items]
  let { next } = first
  while (next !== undefined) {
    let page: AnsweredPage<T>
    try {
      page = await getPage(transport, resource, { ...options, limit: PAGE_SIZE, next })
    } catch (error) {
      if (!failedWith(error, 'KISEKI_GONE')) throw error
      const { resourceVersion, items: all } = await getPage(transport, resource, options)
      return { resourceVersion, items: all }
    }
    if (page.next === next) throw apiFailed(transport.endpoint, `lists ${resource.plural} without end`)
    items.push(...page.items)
    next = page.next
  }
  return { resourceVersion: first.resourceVersion, items }
}

/** The query of a list or a watch. */
export function selectionQuery({ labels }: ListOptions): { readonly labelSelector?: string } {
  const wanted = Object.entries(labels ?? {}).map(([name, value]) => `${name}=${value}`)
  return wanted.length === 0 ? {} : { labelSelector: wanted.join(',') }
}

async function getPage<T extends KubeObject>(
  transport: KubeTransport,
  resource: Resource<T>,
  options: ListOptions & { readonly limit?: number; readonly next?: string },
): Promise<AnsweredPage<T>> {
  const { limit, next } = options
  const answer = await transport.json({
    method: 'GET',
    path: collectionPath(resource, options.namespace),
    query: {
      ...selectionQuery(options),
      limit: limit === undefined ? undefined : String(limit),
      continue: next,
    },
  })
  const page = answeredPage(resource, answer)
  if (page === undefined) throw apiFailed(transport.endpoint, `answers what is no ${resource.kind}List`)
  return page
}
