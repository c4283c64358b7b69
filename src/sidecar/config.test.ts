import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createLogger } from '../runtime/logger.ts'
import { encodeSidecarConfig } from '../wire/sidecar-config-json.ts'
import { type Sidecar, startSidecar } from './sidecar.ts'
import { closedAfterEach } from './testing/cleanup.ts'
import { startApp, startTcpApp } from './testing/echo-app.ts'
import { startControlPlane } from './testing/fake-control-plane.ts'
import { ask, echoOf } from './testing/http-client.ts'
import { booksOn, configOf, eventually, POD_ADDRESS, POD_UID, startRig } from './testing/rig.ts'

const closing = closedAfterEach()

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'sidecar-'))
  closing({ close: () => rm(path, { recursive: true, force: true }) })
  return path
}

async function sidecarOf(controlPlaneUrl: string, stateDir: string, logs: string[] = []): Promise<Sidecar> {
  const sidecar = await startSidecar(
    {
      pod: { address: POD_ADDRESS, uid: POD_UID, name: 'p', namespace: 'n' },
      controlPlaneUrl,
      listenHost: '127.0.0.1',
      ports: { admin: 0, outbound: 0, inbound: 0, metrics: 0 },
      stateDir,
    },
    { logger: createLogger({ component: 'sidecar', write: line => logs.push(line) }), tickMillis: 10 },
  )
  return closing(sidecar)
}

describe('a configuration', () => {
  it('is taken live, without losing a request that runs', async () => {
    const apps = [closing(await startApp()), closing(await startApp())]
    const [first, second] = apps.map(app => app.port)
    const rig = closing(await startRig(booksOn(first ?? 0)))
    let failures = 0
    let requests = 0
    let over = false
    const load = Array.from({ length: 8 }, async () => {
      while (!over) {
        requests++
        const answer = await ask({ port: rig.outbound })
        if (answer.status !== 200) failures++
      }
    })
    for (let round = 0; round < 10; round++) {
      await rig.reconfigure(booksOn((round % 2 === 0 ? second : first) ?? 0))
    }
    over = true
    await Promise.all(load)
    expect(failures).toBe(0)
    expect(requests).toBeGreaterThan(20)
    expect(Math.min(...apps.map(app => app.requests.length))).toBeGreaterThan(0)
  })

  it('that cannot be used is refused with a reason, and the one before stays', async () => {
    const app = closing(await startApp())
    const rig = closing(await startRig(booksOn(app.port)))
    const good = rig.control.answers[0]
    expect(good?.status).toBe('applied')
    for (const [line, reason] of [
      ['{"revision":"r-bad","identity":7}', /\$\.identity/],
      ['no json', /JSON/],
      [encodeSidecarConfig(configOf({ inbound: { '0': { appPort: 1 } } }, 1)), /inbound\.ports\["0"\]/],
    ] as const) {
      const answer = rig.control.nextAnswer()
      rig.control.send(line)
      const refused = await answer
      expect(refused).toMatchObject({ status: 'refused', reason: expect.stringMatching(reason) as string })
      expect(echoOf(await ask({ port: rig.outbound })).url).toBe('/')
    }
    expect(rig.control.answers[1]?.revision).toBe('r-bad')
  })

  it('is kept on disk and used when the control plane is away at the next start', async () => {
    const app = closing(await startApp())
    const stateDir = await folder()
    const control = await startControlPlane()
    const port = Number(new URL(control.url).port)
    const config = encodeSidecarConfig(configOf({ ...booksOn(app.port), tracing: false }, 1))
    control.send(config)
    const before = await sidecarOf(control.url, stateDir)
    await before.ready
    await eventually(() => control.answers.length === 1)
    await before.stop()
    await control.close()
    expect(await readFile(join(stateDir, 'last-good-config.json'), 'utf8')).toBe(config)

    const after = await sidecarOf(control.url, stateDir)
    await after.ready
    expect(echoOf(await ask({ port: after.ports.outbound })).url).toBe('/')
    // It follows the control plane as soon as that is back.
    const back = closing(await startControlPlane(port))
    const answer = back.nextAnswer()
    const next = configOf({ tracing: false }, 1)
    back.send(encodeSidecarConfig(next))
    expect(await answer).toEqual({ status: 'applied', revision: next.revision })
    expect((await ask({ port: after.ports.outbound })).status).toBe(403)
  })

  it('is asked for again where what answers is no control plane', async () => {
    const switching = 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'
    const strange = closing(
      await startTcpApp(socket => void socket.on('data', () => socket.write(switching))),
    )
    await sidecarOf(`http://127.0.0.1:${strange.port}`, await folder())
    await eventually(() => strange.sockets.length > 1)
  })

  it('that was kept and is garbage is not used', async () => {
    const stateDir = await folder()
    await writeFile(join(stateDir, 'last-good-config.json'), '{"half":')
    const control = await startControlPlane()
    await control.close()
    const logs: string[] = []
    const sidecar = await sidecarOf(control.url, stateDir, logs)
    await eventually(() => logs.join('').includes('was refused'))
    expect((await ask({ port: sidecar.ports.admin, path: '/ready' })).status).toBe(503)
  })
})
