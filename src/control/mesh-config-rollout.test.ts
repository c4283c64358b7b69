import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KubeClient } from '../kube/client.ts'
import { MESH_CONFIGS } from '../kube/resources.ts'
import { createLocalKubernetes } from '../local/kubernetes.ts'
import type { Condition } from '../model/kubernetes.ts'
import { listenForConfigs } from './testing/config-listener.ts'
import { type ControlHarness, createControlHarness, until } from './testing/control-harness.ts'
import { MESH_CONFIG } from './testing/mesh-config-definition.ts'

let client: KubeClient
let mesh: ControlHarness
let uid: string

beforeEach(async () => {
  client = createLocalKubernetes({ now: () => Date.now() * 1000 }).client
  mesh = await createControlHarness(client)
  const pod = await mesh.createPod('cart')
  await pod.setAddress('10.1.0.2')
  uid = pod.uid
})
afterEach(() => mesh.close())

async function condition(): Promise<Condition | undefined> {
  const { status } = await client.get(MESH_CONFIGS, MESH_CONFIG)
  return (status as { conditions?: Condition[] } | undefined)?.conditions?.[0]
}

describe('a MeshConfig', () => {
  it('that is refused leaves the last good one in force, and everybody can see why', async () => {
    await mesh.createMeshConfig({ enable: true, port: 9411 })
    const { fleet, url } = await mesh.start()
    const sidecar = await mesh.listen(uid)
    const first = await sidecar.next()
    await until(async () => (await condition())?.status === 'True')

    await mesh.patchTracing({ sampledFraction: '7' })
    await until(() => fleet().meshConfig.status === 'refused')
    const path = 'spec.observability.tracing.sampledFraction'
    expect(await (await fetch(`${url}/v1/fleet`)).json()).toMatchObject({
      meshConfig: { status: 'refused', generation: 2, problems: [{ path }] },
      sidecars: [{ podUid: uid, wanted: first.revision }],
    })
    await until(async () => (await condition())?.status === 'False')
    expect(await condition()).toMatchObject({
      type: 'Accepted',
      reason: 'Invalid',
      message: expect.stringContaining(`${path} must be a decimal from "0"`),
      lastTransitionTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    })
    expect(mesh.lines.join('')).toContain('the MeshConfig is refused, the last good one stays in force')
    expect(sidecar.configs).toEqual([first])

    await mesh.patchTracing({ sampledFraction: '0.1', port: 9412 })
    expect((await sidecar.next()).tracing).toMatchObject({ port: 9412, sampledFraction: 0.1 })
    await until(async () => (await condition())?.status === 'True')
  })

  it('that was good stays in force when the control plane starts while a bad one is there', async () => {
    await mesh.createMeshConfig({ enable: true, port: 9999, address: 'zipkin.example' })
    const first = await mesh.start()
    await mesh.patchTracing({ address: null, port: 9998 })
    await until(
      async () => (await condition())?.status === 'True' && first.fleet().meshConfig.status === 'accepted',
    )
    await until(async () =>
      JSON.stringify((await client.get(MESH_CONFIGS, MESH_CONFIG)).status).includes('9998'),
    )
    await mesh.patchTracing({ sampledFraction: '7', port: 1 })
    await until(async () => (await condition())?.status === 'False')
    await first.stop()

    const { fleet, url } = await mesh.start()
    expect(fleet().meshConfig).toMatchObject({ status: 'refused', generation: 3 })
    const sidecar = await listenForConfigs(url, uid)
    expect((await sidecar.next()).tracing).toMatchObject({
      address: 'jaeger.osm-system.svc.cluster.local',
      port: 9998,
      sampledFraction: 1,
    })
    await sidecar.close()
  })

  it('that is bad from the beginning leaves the defaults in force, and says so', async () => {
    await mesh.createMeshConfig({ enable: true, port: 0 })
    await client.patch(
      MESH_CONFIGS,
      MESH_CONFIG,
      { status: { inForce: { spec: '{"half":' } } },
      { subresource: 'status' },
    )
    await mesh.start()
    const sidecar = await mesh.listen(uid)
    expect((await sidecar.next()).tracing).toBeUndefined()
    expect(mesh.lines.join('')).toContain('the defaults are in force')
  })

  it('that is deleted stays in force', async () => {
    await mesh.createMeshConfig({ enable: true, port: 9999 })
    const { fleet } = await mesh.start()
    await client.remove(MESH_CONFIGS, MESH_CONFIG)
    await until(() => fleet().meshConfig.status === 'absent')
    const sidecar = await mesh.listen(uid)
    expect((await sidecar.next()).tracing?.port).toBe(9999)
  })

  it('that comes after the control plane is taken, also when nobody listens', async () => {
    const { fleet } = await mesh.start()
    expect(fleet().meshConfig).toEqual({ status: 'absent' })
    await mesh.createMeshConfig({ enable: true })
    await until(() => fleet().meshConfig.status === 'accepted')
    await until(async () => (await condition())?.status === 'True')
  })

  it('that changes often is sent seldom', async () => {
    await mesh.createMeshConfig({ enable: true })
    await mesh.start({ gatherMillis: 50 })
    const sidecar = await mesh.listen(uid)
    await sidecar.next()
    for (let port = 1; port <= 20; port++) await mesh.patchTracing({ port })
    while ((await sidecar.next()).tracing?.port !== 20);
    expect(sidecar.configs.length).toBeLessThan(5)
  })
})
