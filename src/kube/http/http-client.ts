import type { KubeObject } from '../../model/kubernetes.ts'
import type { KubeClient, RemoveOptions } from '../client.ts'
import type { KubeEndpoint } from '../kube-endpoint.ts'
import type { Resource } from '../resources.ts'
import { answeredObject } from './answered-object.ts'
import { creationPath, objectPath } from './api-path.ts'
import { DEFAULT_NAME, DEFAULT_WATCH_SECONDS, type KubeHttpOptions } from './http-options.ts'
import { type ApiRequest, KubeTransport } from './kube-transport.ts'
import { listPages } from './paged-list.ts'
import { apiFailed } from './unreachable.ts'
import { watchStream } from './watch-stream.ts'

export interface HttpKubeClient extends KubeClient {
  /** Watches end quietly, all else fails. Resolves when no connection is open any more. */
  close(): Promise<void>
}

/**
 * A Kubernetes API over HTTP, a real cluster's or that of one machine. Beyond `KubeClient`: names that would lead
 * elsewhere in the path are refused as `KISEKI_INVALID`, and nothing is sent.
 */
export function createHttpKubeClient(endpoint: KubeEndpoint, options: KubeHttpOptions = {}): HttpKubeClient {
  const transport = new KubeTransport(endpoint, options)
  const author = { fieldManager: options.fieldManager ?? DEFAULT_NAME }
  const seconds = options.watchSeconds ?? DEFAULT_WATCH_SECONDS

  async function object<T extends KubeObject>(resource: Resource<T>, request: ApiRequest): Promise<T> {
    const answered = answeredObject(resource, await transport.json(request))
    if (answered === undefined) throw apiFailed(endpoint, `answers what is no ${resource.kind}`)
    return answered
  }

  return {
    get: async (resource, name) => object(resource, { method: 'GET', path: objectPath(resource, name) }),
    list: (resource, listOptions = {}) => listPages(transport, resource, listOptions),
    watch: (resource, watchOptions) => watchStream(transport, { ...watchOptions, resource, seconds }),
    create: async (resource, created) =>
      object(resource, {
        method: 'POST',
        path: creationPath(resource, created.metadata.namespace),
        query: author,
        ...jsonBody('application/json', created),
      }),
    patch: async (resource, name, patch, patchOptions = {}) =>
      object(resource, {
        method: 'PATCH',
        path: objectPath(resource, name, patchOptions.subresource),
        query: author,
        ...jsonBody('application/merge-patch+json', patch),
      }),
    async remove(resource, name, removeOptions = {}) {
      await transport.json({
        method: 'DELETE',
        path: objectPath(resource, name),
        ...jsonBody('application/json', deleteOptions(removeOptions)),
      })
    },
    close: () => transport.close(),
  }
}

/** kubernetes.io/docs/reference/kubernetes-api/common-definitions/delete-options */
function deleteOptions({ gracePeriodSeconds, uid }: RemoveOptions): object {
  return {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    propagationPolicy: 'Background',
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...(uid === undefined ? {} : { preconditions: { uid } }),
  }
}

function jsonBody(type: string, value: object): Pick<ApiRequest, 'headers' | 'body'> {
  return { headers: { 'content-type': type }, body: Buffer.from(JSON.stringify(value)) }
}
