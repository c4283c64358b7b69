import type { ServerResponse } from 'node:http'
import { KisekiError, messageOf } from '../../model/errors.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import type { KubeClient } from '../client.ts'
import { FAILURE_REASONS } from '../kube-failure.ts'
import { CONFIG_MAPS, DEPLOYMENTS, NAMESPACES, type Resource } from '../resources.ts'
import { type Answer, type Heard, type ScriptedServer, startScriptedServer } from './scripted-server.ts'

interface Target {
  readonly resource: Resource
  readonly namespace: string | undefined
  readonly name: string | undefined
  readonly status: boolean
}

const SERVED: readonly Resource[] = [CONFIG_MAPS, NAMESPACES, DEPLOYMENTS]
const PATH =
  /^\/apis?\/(?:[a-z.]+\/)?v1(?:\/namespaces\/([^/]+)(?=\/[a-z]))?\/([a-z]+)(?:\/([^/]+))?(\/status)?$/

/** Just so much of a Kubernetes API over HTTP that the contract of clients can be run against another client. */
export function serveClient(client: KubeClient): Promise<ScriptedServer> {
  const answer: Answer = async (response, heard) => {
    try {
      await serve(client, response, heard)
    } catch (error) {
      respond(response, statusOf(error))
    }
  }
  return startScriptedServer([answer])
}

async function serve(client: KubeClient, response: ServerResponse, heard: Heard): Promise<void> {
  const target = targetOf(heard.path)
  const { resource, namespace, name } = target
  if (name !== undefined) return respond(response, await onObject(client, { ...target, name }, heard))
  if (heard.method === 'POST') {
    const created = await client.create(resource, JSON.parse(heard.body))
    return respond(response, created, 201)
  }
  const labels = labelsOf(heard.query.get('labelSelector'))
  const options = { ...(namespace === undefined ? {} : { namespace }), ...labels }
  if (heard.query.get('watch') === 'true') return watch(client, { resource, options, response, heard })
  const { items, resourceVersion } = await client.list(resource, options)
  // As real servers do, items do not say what they are.
  const bare = items.map(({ apiVersion, kind, ...rest }) => rest)
  respond(response, {
    apiVersion: 'v1',
    kind: `${resource.kind}List`,
    metadata: { resourceVersion },
    items: bare,
  })
}

function targetOf(path: string): Target {
  const [, namespace, plural, name, status] = PATH.exec(path) ?? []
  const resource = SERVED.find(one => one.plural === plural)
  if (resource === undefined) throw new KisekiError('KISEKI_NOT_FOUND', path)
  return { resource, namespace, name, status: status !== undefined }
}

function labelsOf(selector: string | null): { readonly labels?: Readonly<Record<string, string>> } {
  if (selector === null) return {}
  return { labels: Object.fromEntries(selector.split(',').map(label => label.split('=', 2))) }
}

async function onObject(
  client: KubeClient,
  target: Target & { readonly name: string },
  heard: Heard,
): Promise<object> {
  const { resource, namespace, name, status } = target
  const at = namespace === undefined ? { name } : { namespace, name }
  if (heard.method === 'GET') return client.get(resource, at)
  const body = JSON.parse(heard.body)
  if (heard.method === 'PATCH')
    return client.patch(resource, at, body, status ? { subresource: 'status' } : {})
  await client.remove(resource, at, { ...body.preconditions })
  return { kind: 'Status', apiVersion: 'v1', status: 'Success' }
}

async function watch(
  client: KubeClient,
  watched: {
    readonly resource: Resource
    readonly options: object
    readonly response: ServerResponse
    readonly heard: Heard
  },
): Promise<void> {
  const { resource, options, response, heard } = watched
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
  const resourceVersion = heard.query.get('resourceVersion') ?? ''
  const send = (type: string, object: KubeObject | object) =>
    response.write(`${JSON.stringify({ type, object })}\n`)
  try {
    for await (const event of client.watch(resource, { ...options, resourceVersion, signal: gone.signal })) {
      send(event.type, event.object)
    }
  } catch (error) {
    send('ERROR', statusOf(error))
  }
  response.end()
}

function statusOf(thrown: unknown): { readonly code: number } {
  const kiseki = thrown instanceof KisekiError ? thrown.code : 'KISEKI_API_FAILED'
  const [reason, { status }] = Object.entries(FAILURE_REASONS).find(([, { code }]) => code === kiseki) ?? [
    'InternalError',
    { status: 500 },
  ]
  return Object.assign(
    { kind: 'Status', apiVersion: 'v1', status: 'Failure', message: messageOf(thrown), reason },
    { code: status },
  )
}

function respond(response: ServerResponse, body: object, code = 200): void {
  const failed = 'code' in body && typeof body.code === 'number' ? body.code : code
  response.writeHead(failed, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
