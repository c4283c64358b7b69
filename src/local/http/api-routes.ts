import type { ObjectName } from '../../kube/client.ts'
import { KubeFailure } from '../../kube/kube-failure.ts'
import { PODS, SERVICES } from '../../kube/resources.ts'
import type { Handler, HttpRequest, HttpResponse } from '../../runtime/http-exchange.ts'
import { json, text } from '../../runtime/http-exchange.ts'
import { errorFields, type Logger } from '../../runtime/logger.ts'
import { METRICS_CONTENT_TYPE, type Metrics } from '../../runtime/metrics.ts'
import type { UserInfo } from '../api/write-context.ts'
import type { ApiResource } from '../registry/api-resource.ts'
import type { ResourceCatalog } from '../registry/resource-catalog.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { type ApiPath, type ObjectsPath, parseApiPath } from './api-path.ts'
import type { Authentication } from './authentication.ts'
import { checkHost } from './authentication.ts'
import { answerDiscovery, answerOpenApi } from './documents.ts'
import type { ObjectRoutes } from './object-routes.ts'
import { answerLogs, type PodLogsOptions } from './pod-logs.ts'
import { parseProxyName, proxyRequest } from './pod-proxy.ts'
import type { PodSockets } from './pod-sockets.ts'
import { readObject, readRequired } from './read-object.ts'
import type { Reviews } from './reviews.ts'
import { asKubeFailure, failureAnswer, noSuchResource } from './status-answer.ts'

export interface ApiRoutesOptions {
  readonly store: ObjectStore
  readonly catalog: ResourceCatalog
  readonly objects: ObjectRoutes
  readonly reviews: Reviews
  readonly authentication: Authentication
  readonly logs: PodLogsOptions
  readonly sockets: PodSockets
  readonly version: VersionInfo
  readonly metrics: Metrics
  readonly logger: Logger
}

/** `/version` (apimachinery, version.Info). */
export interface VersionInfo {
  readonly major: string
  readonly minor: string
  readonly gitVersion: string
  readonly platform: string
}

/** As kube-apiserver says it of paths that belong to no group. */
const NO_PAGE = text(404, '404 page not found\n')

/** Open to everybody on this machine: probes ask without a token. */
const HEALTH_PATHS = ['/healthz', '/livez', '/readyz']

/** Answers every request of the API. What fails is a `Status`. */
export function createApiHandler(options: ApiRoutesOptions): Handler {
  const routes = new ApiRoutes(options)

  async function answer(request: HttpRequest): Promise<HttpResponse> {
    try {
      return await routes.answer(request)
    } catch (error) {
      const failure = asKubeFailure(error)
      if (failure !== undefined) return failureAnswer(failure)
      const { method, path } = request
      options.logger.error('a call of the Kubernetes API failed', { method, path, ...errorFields(error) })
      return failureAnswer(
        new KubeFailure('InternalError', 'Internal error occurred: see the log of the server'),
      )
    }
  }

  return async request => {
    const answered = await answer(request)
    const labels = { method: request.method, code: String(answered.status) }
    options.metrics
      .counter('apiserver_request_total', 'Requests of the API, when they are answered.', labels)
      .add()
    return answered
  }
}

function metricsPage(metrics: Metrics): HttpResponse {
  return { status: 200, headers: { 'content-type': METRICS_CONTENT_TYPE }, body: metrics.print() }
}

interface Call {
  readonly request: HttpRequest
  readonly path: ObjectsPath
  readonly resource: ApiResource
  readonly user: UserInfo
}

class ApiRoutes {
  readonly #options: ApiRoutesOptions

  constructor(options: ApiRoutesOptions) {
    this.#options = options
  }

  async answer(request: HttpRequest): Promise<HttpResponse> {
    if (HEALTH_PATHS.includes(request.path)) {
      checkHost(request.headers.host)
      return text(200, 'ok')
    }
    const user = await this.#options.authentication.authenticate(request.headers)
    if (request.path === '/version') return json(this.#options.version)
    if (request.path === '/metrics') return metricsPage(this.#options.metrics)
    const document = answerOpenApi(this.#options.catalog, request)
    if (document !== undefined) return document
    const path = parseApiPath(request.path)
    if (path === undefined) return NO_PAGE
    if (path.kind !== 'objects') return this.#discover(path, request)
    return this.#answerObjects(path, request, user)
  }

  #discover(path: ApiPath, request: HttpRequest): HttpResponse {
    if (request.method !== 'GET' && request.method !== 'HEAD') throw noSuchResource()
    return answerDiscovery(this.#options.catalog, path, request)
  }

  #isServed({ group, version }: ObjectsPath): boolean {
    return this.#options.catalog.all().some(served => served.group === group && served.version === version)
  }

  async #answerObjects(path: ObjectsPath, request: HttpRequest, user: UserInfo): Promise<HttpResponse> {
    const resource = this.#options.catalog.find(path)
    if (resource === undefined) {
      if (this.#isServed(path)) throw noSuchResource()
      return NO_PAGE
    }
    const call = { request, path, resource, user }
    const part = path.name === undefined ? undefined : this.#answerPart(call, path.name)
    if (part !== undefined) return part
    if (resource.verbs.length === 1) return this.#review(call)
    return this.#options.objects.answer(call)
  }

  /** What is no object: logs, streams, proxies, tokens. */
  #answerPart(call: Call, name: string): Promise<HttpResponse> | undefined {
    const { path, resource } = call
    const { namespace, subresource } = path
    if (namespace === undefined || subresource === undefined) return undefined
    const place = { namespace, name }
    switch (`${resource.plural}/${subresource}`) {
      case 'pods/log':
        return this.#logs(call, place)
      case 'pods/exec':
      case 'pods/attach':
      case 'pods/portforward':
        throw new KubeFailure('BadRequest', 'Upgrade request required')
      case 'pods/proxy':
      case 'services/proxy':
        return this.#proxy(call, place)
      case 'pods/ephemeralcontainers':
        throw new KubeFailure(
          'NotImplemented',
          'ephemeral containers are not run on one machine; use `kubectl exec`',
        )
      case 'serviceaccounts/token':
        return this.#token(call, place)
      default:
        return undefined
    }
  }

  async #logs({ request }: Call, place: ObjectName): Promise<HttpResponse> {
    return answerLogs(this.#options.store.get(PODS, place), request, this.#options.logs)
  }

  async #token({ request }: Call, place: { namespace: string; name: string }): Promise<HttpResponse> {
    if (request.method !== 'POST') throw noSuchResource()
    return json(await this.#options.reviews.requestToken(place, await readRequired(request)), 201)
  }

  async #review(call: Call): Promise<HttpResponse> {
    if (call.request.method !== 'POST') throw noSuchResource()
    const asked = (await readObject(call.request)) ?? {}
    const answered = this.#options.reviews.answer(call.resource, asked, call.user)
    if (answered === undefined) throw noSuchResource()
    return json(await answered, 201)
  }

  async #proxy(
    { request, path, resource }: Call,
    place: { namespace: string; name: string },
  ): Promise<HttpResponse> {
    const { name, port } = parseProxyName(place.name)
    const at = { namespace: place.namespace, name }
    const { sockets } = this.#options
    const socket =
      resource.plural === SERVICES.plural ? await sockets.ofService(at, port) : await sockets.ofPod(at, port)
    const query = request.query.size === 0 ? '' : `?${request.query}`
    return proxyRequest(request, {
      socket,
      authority: port === undefined ? name : `${name}:${port}`,
      path: `${path.rest ?? '/'}${query}`,
    })
  }
}
