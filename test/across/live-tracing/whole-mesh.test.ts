import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEPLOYMENTS, PODS } from '../../../src/kube/resources.ts'
import { CONTROLLER } from '../../../src/mesh/install/component-names.ts'
import { SIDECAR_ADMIN_PORT, SIDECAR_CONTAINER } from '../../../src/mesh/well-known-names.ts'
import type { ContainerStatus } from '../../../src/model/kubernetes-pod.ts'
import type { TracingReport } from '../../../src/model/tracing-report.ts'
import { parseTracingReport } from '../../../src/wire/tracing-report-json.ts'
import { appDeployment, appService, type MeshUnderTest, NAMESPACE, openMesh } from '../mesh-under-test.ts'
import { until } from './live-mesh.ts'

const APP = join(import.meta.dirname, '..', 'apps', 'echo.mjs')
const PORT = 8080
const MESH_NAMESPACE = 'osm-system'

let mesh: MeshUnderTest
let address = ''

beforeAll(async () => {
  mesh = await openMesh()
  const command = [process.execPath, APP]
  await mesh.apply(appDeployment('echo', { command, port: PORT }), appService('echo', PORT))
  address = (await mesh.podOf('echo')).status?.podIP ?? ''
})

afterAll(() => mesh?.close())

/** Out of the pod and into it again. Resolves with the status. */
function ask(): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { host: `echo.${NAMESPACE}:${PORT}` }
    const asking = request({ host: address, port: 15_001, headers, agent: false }, answer => {
      answer.resume()
      answer.on('end', () => resolve(answer.statusCode ?? 0))
    })
    asking.on('error', reject)
    asking.end()
  })
}

const admin = (path: string, method = 'GET'): Promise<Response> =>
  fetch(`http://${address}:${SIDECAR_ADMIN_PORT}${path}`, { method })

const report = async (): Promise<TracingReport> => parseTracingReport(await (await admin('/tracing')).text())

async function sidecarStatus(): Promise<ContainerStatus | undefined> {
  const { status } = await mesh.podOf('echo')
  return status?.containerStatuses?.find(({ name }) => name === SIDECAR_CONTAINER)
}

describe.skipIf(process.platform !== 'linux')('a sidecar of an installed mesh', () => {
  it('starts again without the control plane, with what was in force before', async () => {
    const { client } = mesh.mesh
    await client.patch(
      DEPLOYMENTS,
      { name: CONTROLLER, namespace: MESH_NAMESPACE },
      { spec: { replicas: 0 } },
    )
    await until('the control plane is away', async () => {
      const { items } = await client.list(PODS, { namespace: MESH_NAMESPACE, labels: { app: CONTROLLER } })
      return items.length === 0
    })
    // Its last deed may have been to say that it goes: its own Service lost its endpoint.
    const before = await report()
    expect(before.tracing).toMatchObject({ port: 9411 })
    expect(await ask()).toBe(200)

    const restarts = (await sidecarStatus())?.restartCount ?? 0
    expect((await admin('/quitquitquit', 'POST')).status).toBe(200)
    await until('the sidecar runs again', async () => {
      const status = await sidecarStatus()
      return status !== undefined && status.restartCount > restarts && status.ready
    })
    const after = await report()
    expect(after).toMatchObject({ revision: before.revision, tracing: before.tracing })
    expect(after.spans.recorded).toBe(0)
    expect(await ask()).toBe(200)
    await until('its spans are acknowledged', async () => (await report()).spans.acknowledged === 2)
  })
})
