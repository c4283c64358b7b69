import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { ensureBundle } from '../../../src/app/bundles.ts'
import { startControlPlane } from '../../../src/sidecar/testing/fake-control-plane.ts'
import { configOf, POD_UID, type RigOptions } from '../../../src/sidecar/testing/rig.ts'
import { encodeSidecarConfig } from '../../../src/wire/sidecar-config-json.ts'

/** A sidecar as it stands beside an app: one process, from its bundle. */
export interface SidecarProcess {
  readonly inbound: number
  readonly outbound: number
  /** What the process holds of the machine's memory, in MB. */
  resident(): number
  /** The most that it held since this was asked for the last time. */
  peak(): number
  stop(): Promise<void>
}

const KINDS = ['admin', 'outbound', 'inbound', 'metrics'] as const

export async function startSidecarProcess(config: RigOptions): Promise<SidecarProcess> {
  const control = await startControlPlane()
  control.send(encodeSidecarConfig(configOf(config, 1)))
  const applied = control.nextAnswer()
  const ports = await freePorts()
  const bundle = await ensureBundle('sidecar')
  const child = spawn(process.execPath, [bundle], {
    stdio: 'ignore',
    env: {
      POD_IP: '127.0.0.1',
      POD_UID,
      POD_NAME: 'shop-7d9f-x2',
      POD_NAMESPACE: 'shop',
      CONTROL_PLANE_URL: control.url,
      ...Object.fromEntries(KINDS.map(kind => [`SIDECAR_${kind.toUpperCase()}_PORT`, String(ports[kind])])),
    },
  })
  await applied
  return {
    inbound: ports.inbound,
    outbound: ports.outbound,
    resident: () => megabytes(child, 'VmRSS'),
    peak() {
      const peak = megabytes(child, 'VmHWM')
      // Forgets the peak (proc_pid_clear_refs(5)).
      writeFileSync(`/proc/${child.pid}/clear_refs`, '5')
      return peak
    },
    async stop() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
      await control.close()
    },
  }
}

function megabytes(child: ChildProcess, line: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
  return Number(new RegExp(`^${line}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024
}

async function freePorts(): Promise<Readonly<Record<(typeof KINDS)[number], number>>> {
  const servers = KINDS.map(() => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map(server => once(server, 'listening')))
  const [admin = 0, outbound = 0, inbound = 0, metrics = 0] = servers.map(
    server => (server.address() as AddressInfo).port,
  )
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))))
  return { admin, outbound, inbound, metrics }
}
