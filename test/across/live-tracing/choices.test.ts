import { type IncomingHttpHeaders, request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MESH_CONFIGS } from '../../../src/kube/resources.ts'
import { SIDECAR_CONTAINER } from '../../../src/mesh/well-known-names.ts'
import {
  appDeployment,
  appService,
  eventually,
  type MeshUnderTest,
  NAMESPACE,
  openMesh,
} from '../mesh-under-test.ts'

const APP = join(import.meta.dirname, '..', 'apps', 'echo.mjs')
const PORT = 8080
const MESH_CONFIG = { name: 'osm-mesh-config', namespace: 'osm-system' }

let mesh: MeshUnderTest
let address = ''

beforeAll(async () => {
  mesh = await openMesh()
  const command = [process.execPath, APP]
  await mesh.apply(appDeployment('echo', { command, port: PORT }), appService('echo', PORT))
  address = (await mesh.podOf('echo')).status?.podIP ?? ''
})

afterAll(() => mesh?.close())

/** Out of the pod and into it again: two sidecar halves, of one sidecar. */
function ask(path: string): Promise<IncomingHttpHeaders> {
  return new Promise((resolve, reject) => {
    const headers = { host: `echo.${NAMESPACE}:${PORT}`, 'x-tenant': 'acme' }
    const asking = request({ host: address, port: 15_001, path, headers, agent: false }, answer => {
      answer.resume()
      answer.on('end', () => resolve(answer.headers))
    })
    asking.on('error', reject)
    asking.end()
  })
}

async function patch(observability: object): Promise<unknown> {
  return mesh.mesh.client.patch(MESH_CONFIGS, MESH_CONFIG, { spec: { observability } })
}

/** The lines of the access log so far, as `kubectl logs POD -c sidecar` shows them between the others. */
async function accessLines(): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { name } = (await mesh.podOf('echo')).metadata
  const lines: Readonly<Record<string, unknown>>[] = []
  for await (const line of mesh.mesh.machine.readLogs({ name, namespace: NAMESPACE }, SIDECAR_CONTAINER))
    lines.push(JSON.parse(line) as Readonly<Record<string, unknown>>)
  return lines.filter(line => line['component'] === 'access')
}

describe.skipIf(process.platform !== 'linux')('what a MeshConfig says of spans, logs and responses', () => {
  it('is in force in a running sidecar, and leads from a response to its trace', async () => {
    expect(await accessLines()).toEqual([])
    await patch({
      accessLog: { enable: true },
      tracing: { headerTags: ['X-Tenant'], queryStrings: 'redact' },
    })
    const headers = await eventually(async () => {
      const answer = await ask('/books?q=secret')
      return (await accessLines()).length > 0 ? answer : undefined
    }, 'a line of the access log')
    const traceId = String(headers['traceresponse']).split('-')[1] ?? ''
    const [client, server] = await eventually(async () => {
      const found = (await accessLines()).filter(line => line['trace_id'] === traceId)
      return found.length === 2 ? found : undefined
    }, 'both lines')
    const common = { path: '/books?q=REDACTED', status: 200, request_id: headers['x-request-id'] }
    expect([client, server].map(line => line?.['direction']).toSorted()).toEqual(['inbound', 'outbound'])
    expect(client).toMatchObject(common)
    expect(server).toMatchObject(common)
    const trace = await eventually(() => mesh.query.getTrace(traceId).catch(() => undefined), 'the trace')
    for (const { tags } of trace.spans) {
      const values = Object.fromEntries(tags.map(({ key, value }) => [key, value]))
      expect(values).toMatchObject({ 'http.request.header.x-tenant': 'acme' })
      expect(values['http.url']).toMatch(/\/books\?q=REDACTED$/)
    }
  })

  it.each([
    [
      { tracing: { headerTags: ['cookie'] } },
      /spec\.observability\.tracing\.headerTags.*must not name cookie/s,
    ],
    [{ tracing: { queryStrings: 'hide' } }, /spec\.observability\.tracing\.queryStrings/],
    [{ tracing: { responseHeaders: 'no' } }, /spec\.observability\.tracing\.responseHeaders/],
    [{ accessLog: { enable: 'yes' } }, /spec\.observability\.accessLog\.enable/],
  ])('is refused by the API where it is wrong: %j', async (observability, message) => {
    await expect(patch(observability)).rejects.toThrow(message)
  })
})
