import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { ensureBundle } from '../../src/app/bundles.ts'
import { type App, startApp } from '../../src/sidecar/testing/echo-app.ts'
import { type FakeControlPlane, startControlPlane } from '../../src/sidecar/testing/fake-control-plane.ts'
import { ask } from '../../src/sidecar/testing/http-client.ts'
import { booksOn, configOf, eventually, POD_UID } from '../../src/sidecar/testing/rig.ts'
import { encodeSidecarConfig } from '../../src/wire/sidecar-config-json.ts'

interface Running {
  readonly child: ChildProcess
  readonly outbound: number
  readonly admin: number
  readonly app: App
}

const ends: (() => unknown)[] = []

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

/** The bundle as a process of its own, with an app behind it. */
async function startProcess(app: App, drainSeconds: number): Promise<Running> {
  ends.push(() => app.close())
  const control: FakeControlPlane = await startControlPlane()
  ends.push(() => control.close())
  control.send(encodeSidecarConfig(configOf({ ...booksOn(app.port), tracing: false }, 1)))
  const answer = control.nextAnswer()
  const [outbound, admin, inbound, metrics] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ]
  const child = spawn(process.execPath, [await ensureBundle('sidecar')], {
    env: {
      POD_IP: '127.0.0.1',
      POD_UID,
      POD_NAME: 'shop-1',
      POD_NAMESPACE: 'shop',
      CONTROL_PLANE_URL: control.url,
      SIDECAR_ADMIN_PORT: String(admin),
      SIDECAR_OUTBOUND_PORT: String(outbound),
      SIDECAR_INBOUND_PORT: String(inbound),
      SIDECAR_METRICS_PORT: String(metrics),
      SIDECAR_DRAIN_SECONDS: String(drainSeconds),
    },
    stdio: 'ignore',
  })
  ends.push(() => child.kill('SIGKILL'))
  await answer
  while ((await ask({ port: admin, path: '/ready' })).status !== 200);
  return { child, outbound, admin, app }
}

describe('a sidecar that is told to end', () => {
  it('fails no request of clients that go elsewhere when told to, and is gone soon', async () => {
    const { child, outbound, admin } = await startProcess(await startApp(), 1)
    const agent = new Agent({ keepAlive: true })
    ends.push(() => agent.destroy())
    const statuses = new Map<number, number>()
    let told = 0
    let over = false
    const load = Array.from({ length: 16 }, async () => {
      while (!over) {
        const { status, headers } = await ask({
          port: outbound,
          agent,
          method: 'POST',
          body: Buffer.from('x'),
        })
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        if (headers['connection'] === 'close') told++
      }
    })
    await eventually(() => (statuses.get(200) ?? 0) > 200)
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    while ((await ask({ port: admin, path: '/ready' })).body.toString() !== 'DRAINING\n');
    const began = statuses.get(200) ?? 0
    // As many as come until everybody knows: here, some hundreds more.
    await eventually(() => (statuses.get(200) ?? 0) > began + 300)
    over = true
    await Promise.all(load)
    expect([...statuses.keys()]).toEqual([200])
    expect(told).toBeGreaterThanOrEqual(300)
    expect(await exited).toEqual([0, null])
  })

  it('ends at once when told again', async () => {
    const app = await startApp((_, response) => response.write('for ever'))
    const { child, outbound } = await startProcess(app, 20)
    const asked = ask({ port: outbound }).catch((error: Error) => error.message)
    await eventually(() => app.requests.length === 1)
    const exited = once(child, 'exit')
    const signals = setInterval(() => child.kill('SIGTERM'), 100)
    ends.push(() => clearInterval(signals))
    const before = performance.now()
    expect(await exited).toEqual([0, null])
    // Told once it would go on for much longer.
    expect(performance.now() - before).toBeLessThan(10_000)
    expect(await asked).toBe('aborted')
  })
})
