import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KubeClient } from '../kube/client.ts'
import { ENDPOINTS, PODS, SERVICES } from '../kube/resources.ts'
import { createLocalKubernetes } from '../local/kubernetes.ts'
import { endpointsObject, serviceObject } from '../mesh/testing/kube-objects.ts'
import { toRevision } from '../model/sidecar-config.ts'
import { type ControlHarness, createControlHarness, until } from './testing/control-harness.ts'

const CART = { namespace: 'shop', name: 'cart-6b8f9c7d4b-x7k2p' }

let client: KubeClient
let mesh: ControlHarness

beforeEach(async () => {
  client = createLocalKubernetes({ now: () => Date.now() * 1000 }).client
  mesh = await createControlHarness(client)
})
afterEach(() => mesh.close())

async function runningPod(name: string, address: string): Promise<string> {
  const { uid, setAddress } = await mesh.createPod(name)
  await setAddress(address)
  return uid
}

describe('the control plane', () => {
  it('sends the configuration at once, and a patch of the MeshConfig within half a second', async () => {
    const uid = await runningPod('cart', '10.1.0.2')
    await mesh.createMeshConfig({ enable: false })
    await mesh.start()
    const sidecar = await mesh.listen(uid)
    const first = await sidecar.next()
    expect(first.identity).toMatchObject({ podUid: uid, workload: 'cart', address: '10.1.0.2', mesh: 'osm' })
    expect(first.tracing).toBeUndefined()

    const patched = performance.now()
    await mesh.patchTracing({ enable: true, sampledFraction: '0.5' })
    const second = await sidecar.next()
    expect(performance.now() - patched).toBeLessThan(500)
    expect(second.tracing).toMatchObject({
      address: 'jaeger.osm-system.svc.cluster.local',
      sampledFraction: 0.5,
    })
    expect(second.revision).not.toBe(first.revision)

    await mesh.patchTracing({ enable: false })
    expect((await sidecar.next()).revision).toBe(first.revision)
  })

  it('waits for a pod that is not known yet, and says that it is there', async () => {
    await mesh.start({ heartbeatMillis: 5 })
    const { uid, setAddress } = await mesh.createPod('cart')
    const sidecar = await mesh.listen(uid)
    await until(() => sidecar.beats >= 2)
    expect(sidecar.configs).toEqual([])
    await setAddress('10.1.0.2')
    expect((await sidecar.next()).identity.address).toBe('10.1.0.2')
  })

  it('sends nothing to sidecars whose configuration is the same', async () => {
    const cartUid = await runningPod('cart', '10.1.0.2')
    const stockUid = await runningPod('stock', '10.1.0.3')
    await mesh.start()
    const cart = await mesh.listen(cartUid)
    const stock = await mesh.listen(stockUid)
    await Promise.all([cart.next(), stock.next()])
    // A label that no Service asks for, and a pod that no Service selects.
    await client.patch(PODS, CART, { metadata: { labels: { a: 'b' } } })
    await runningPod('lonely', '10.1.0.4')
    const ports = JSON.stringify({ 8080: { address: '10.1.0.2', port: 40001 } })
    await client.patch(PODS, CART, { metadata: { annotations: { 'kiseki.dev/ports': ports } } })
    expect((await cart.next()).inbound.ports['8080']?.target.port).toBe(40001)
    expect([cart.configs.length, stock.configs.length]).toEqual([2, 1])
  })

  it('sends everybody where a Service leads', async () => {
    const uid = await runningPod('cart', '10.1.0.2')
    await mesh.start()
    const sidecar = await mesh.listen(uid)
    const service = serviceObject({
      namespace: 'shop',
      name: 'cart',
      selector: { app: 'cart' },
      ports: [{ port: 80, targetPort: 8080 }],
    })
    await client.create(SERVICES, service)
    await client.create(ENDPOINTS, endpointsObject(service, (await client.list(PODS)).items))
    let { outbound } = await sidecar.next()
    while (outbound.clusters['shop/cart|8080']?.endpoints.length !== 1)
      outbound = (await sidecar.next()).outbound
    expect(outbound.hosts['cart.shop']).toBe('shop/cart|8080')
  })

  it('shows in the fleet who runs what, and who refused why', async () => {
    const uid = await runningPod('cart', '10.1.0.2')
    const { url, fleet } = await mesh.start()
    const sidecar = await mesh.listen(uid)
    const { revision } = await sidecar.next()
    expect(await sidecar.answer({ status: 'applied', revision })).toBe(204)
    const bad = toRevision('ffff')
    expect(await sidecar.answer({ status: 'refused', revision: bad, reason: 'no way' })).toBe(204)
    expect(fleet().sidecars).toEqual([
      {
        podUid: uid,
        namespace: 'shop',
        pod: CART.name,
        workload: 'cart',
        connected: true,
        wanted: revision,
        running: revision,
        refused: { revision: bad, reason: 'no way' },
      },
    ])
    expect(await (await fetch(`${url}/v1/fleet`)).json()).toEqual(fleet())
    await sidecar.close()
    await until(() => fleet().sidecars[0]?.connected === false)
    await client.remove(PODS, CART, { gracePeriodSeconds: 0 })
    await until(() => fleet().sidecars.length === 0)
  })

  it('refuses answers that are none, and those of strangers', async () => {
    const { url } = await mesh.start()
    const post = (body: string) => fetch(`${url}/v1/sidecars/nobody/answer`, { method: 'POST', body })
    const bad = await post('{"status":"maybe"}')
    expect([bad.status, await bad.json()]).toMatchObject([400, { code: 'KISEKI_INVALID' }])
    expect((await post('{"status":"applied","revision":"1"}')).status).toBe(404)
    expect((await post('x'.repeat(100_000))).status).toBe(413)
  })

  it('ends all streams when it stops', async () => {
    const uid = await runningPod('cart', '10.1.0.2')
    const { url, stop } = await mesh.start()
    const sidecar = await mesh.listen(uid)
    await sidecar.next()
    expect((await fetch(`${url}/health`)).status).toBe(200)
    const began = performance.now()
    await stop()
    await sidecar.ended
    expect(performance.now() - began).toBeLessThan(900)
    await expect(fetch(`${url}/health`)).rejects.toThrow()
  })

  it('leaves nothing that keeps the process alive, stopped or not able to start', async () => {
    const program = `
      import { createLocalKubernetes } from '${import.meta.resolve('../local/kubernetes.ts')}'
      import { createLogger } from '${import.meta.resolve('../runtime/logger.ts')}'
      import { startControlPlane } from '${import.meta.resolve('./control-plane.ts')}'
      import { defineMeshConfigs } from '${import.meta.resolve('./testing/mesh-config-definition.ts')}'
      const { client } = createLocalKubernetes({ now: () => Date.now() * 1000 })
      await defineMeshConfigs(client)
      const start = port => startControlPlane({
        client, listen: { host: '127.0.0.1', port }, meshName: 'osm', meshNamespace: 'osm-system',
        logger: createLogger({ component: 'test' }),
      })
      const control = await start(0)
      const taken = await start(Number(new URL(control.url).port)).catch(error => error.code)
      await control.stop()
      console.log(taken)
    `
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
      timeout: 9000,
    })
    expect((await run).stdout).toBe('KISEKI_PORT_IN_USE\n')
  }, 10_000)
})
