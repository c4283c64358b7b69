import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KubeClient } from '../kube/client.ts'
import { SERVICES } from '../kube/resources.ts'
import { createLocalKubernetes } from '../local/kubernetes.ts'
import { serviceObject } from '../mesh/testing/kube-objects.ts'
import { open } from './testing/config-listener.ts'
import { type ControlHarness, createControlHarness, until } from './testing/control-harness.ts'

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

const metricsOf = async (url: string): Promise<string> => (await fetch(`${url}/metrics`)).text()

describe('the streams of configurations', () => {
  it('are bounded, and a sidecar that comes again takes its own place', async () => {
    const { url } = await mesh.start({ streams: 1 })
    const older = await mesh.listen(uid)
    await older.next()
    const full = await fetch(`${url}/v1/sidecars/other/config`)
    expect([full.status, full.headers.get('retry-after')]).toEqual([503, '5'])
    await full.text()
    const newer = await mesh.listen(uid)
    await older.ended
    expect((await newer.next()).identity.podUid).toBe(uid)
    const metrics = await metricsOf(url)
    expect(metrics).toContain('kiseki_control_streams 1\n')
    expect(metrics).toContain('kiseki_control_streams_refused_total{reason="full"} 1\n')
    expect(metrics).toContain('kiseki_control_streams_ended_total{reason="replaced"} 1\n')
  })

  it('are cut when the reader is blocked, and counted', async () => {
    await mesh.createMeshConfig({ enable: true })
    for (let index = 0; index < 1500; index++) {
      const name = `service-with-a-long-name-so-that-configurations-are-large-${index}`
      const service = serviceObject({ namespace: 'shop', name, selector: { x: 'y' }, ports: [{ port: 80 }] })
      await client.create(SERVICES, service)
    }
    const { url, fleet } = await mesh.start({ blockedMillis: 50, heartbeatMillis: 10 })
    const { asking, response } = await open(`${url}/v1/sidecars/${uid}/config`)
    const broken = new Promise(resolve => asking.on('close', resolve))
    response.on('error', () => undefined)
    const cut = 'kiseki_control_streams_ended_total{reason="blocked"} 1\n'
    for (let port = 1; !(await metricsOf(url)).includes(cut); port++) {
      await mesh.patchTracing({ port })
      await delay(10)
    }
    response.resume()
    await broken
    await until(() => fleet().sidecars[0]?.connected === false)
  }, 20_000)
})
