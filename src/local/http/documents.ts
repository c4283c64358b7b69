import type { JsonObject } from '../../model/json.ts'
import { type HttpRequest, type HttpResponse, json } from '../../runtime/http-exchange.ts'
import { openApiDocument, openApiIndex } from '../openapi/open-api-document.ts'
import type { OpenApiResource } from '../openapi/open-api-resource.ts'
import type { ApiResource } from '../registry/api-resource.ts'
import {
  aggregatedDiscovery,
  coreVersions,
  groupDocument,
  groupList,
  groupVersions,
  resourceList,
} from '../registry/discovery.ts'
import type { ResourceCatalog } from '../registry/resource-catalog.ts'
import { acceptedDiscovery } from './accepted-form.ts'
import type { ApiPath } from './api-path.ts'
import { noSuchResource } from './status-answer.ts'

/** What the server says of itself: which resources there are, and what their objects look like. */
export function answerDiscovery(catalog: ResourceCatalog, path: ApiPath, request: HttpRequest): HttpResponse {
  const resources = catalog.all()
  if (path.kind === 'groups') {
    const version = acceptedDiscovery(request.headers.accept)
    if (version === undefined)
      return tagged(request, catalog, json(path.core ? coreVersions() : groupList(resources)))
    const answer = json(aggregatedDiscovery(resources, { core: path.core, version }))
    // Clients take the document for the one of old where its type does not say what it is.
    const type = `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`
    return tagged(request, catalog, { ...answer, headers: { 'content-type': type, vary: 'Accept' } })
  }
  if (path.kind === 'objects') throw noSuchResource()
  const document =
    path.kind === 'group'
      ? groupDocument(resources, path.group)
      : resourceList(resources, path.group, path.version)
  return json(found(document))
}

/** `/openapi/v2` and `/openapi/v3…`; undefined: another path. */
export function answerOpenApi(catalog: ResourceCatalog, request: HttpRequest): HttpResponse | undefined {
  if (request.path === '/openapi/v2') return emptyOpenApi(request.headers.accept ?? '')
  const resources = catalog.all()
  if (request.path === '/openapi/v3') {
    const versions = groupVersions(resources).map(served => ({ ...served, hash: catalog.revision }))
    return tagged(request, catalog, json(openApiIndex(versions)))
  }
  const [, root, rest = ''] = /^\/openapi\/v3\/(api|apis)\/(.+)$/.exec(request.path) ?? []
  if (root === undefined) return undefined
  const [group = '', version = ''] = root === 'api' ? ['', rest] : rest.split('/')
  if (!resources.some(resource => resource.group === group && resource.version === version))
    throw noSuchResource()
  return tagged(request, catalog, json(openApiDocument({ group, version }, resources.map(describedResource))))
}

/** kubectl asks for version 2 and takes an empty one: it reads what it needs from version 3. */
function emptyOpenApi(accept: string): HttpResponse {
  if (!accept.includes('protobuf'))
    return json({ swagger: '2.0', info: { title: 'Kubernetes', version: 'unversioned' }, paths: {} })
  const type = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'
  return { status: 200, headers: { 'content-type': type }, body: new Uint8Array() }
}

function describedResource({ custom, subresources, ...resource }: ApiResource): OpenApiResource {
  const parts = subresources.map(({ name }) => name).filter(name => name === 'status' || name === 'scale')
  return { ...resource, subresources: parts, ...(custom && { schema: custom.openAPIV3Schema }) }
}

function found(document: JsonObject | undefined): JsonObject {
  if (document === undefined) throw noSuchResource()
  return document
}

/** Clients keep what they were told, and ask whether it still holds. */
function tagged(request: HttpRequest, { revision }: ResourceCatalog, answer: HttpResponse): HttpResponse {
  const etag = `"${revision}"`
  const headers = { ...answer.headers, etag, 'cache-control': 'public' }
  return request.headers['if-none-match'] === etag ? { status: 304, headers } : { ...answer, headers }
}
