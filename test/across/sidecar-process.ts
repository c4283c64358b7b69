import { type ChildProcess, spawn } from 'node:child_process'
import { ensureBundle } from '../../src/app/bundles.ts'
import { startControlPlane } from '../../src/sidecar/testing/fake-control-plane.ts'
import { configOf, type RigOptions } from '../../src/sidecar/testing/rig.ts'
import { encodeSidecarConfig } from '../../src/wire/sidecar-config-json.ts'

const OUTBOUND_PORT = 15_001
const INBOUND_PORT = 15_003
const METRICS_PORT = 15_010

export interface Counts {
  readonly recorded: number
  readonly acknowledged: number
  readonly queued: number
  /** By reason; those that are not 0. */
  readonly dropped: Readonly<Record<string, number>>
}

/** A sidecar as it ships, in a process of its own. */
export interface SidecarProcess {
  readonly address: string
  readonly outbound: number
  readonly inbound: number
  readonly pid: number
  /** What it wrote to its standard output. */
  readonly output: () => string
  /** Nobody reads its standard output for a while. */
  holdOutput(held: boolean): void
  configure(options: RigOptions, collectorPort: number): Promise<void>
  /** As its metrics say. */
  counts(): Promise<Counts>
  metric(name: string): Promise<number>
  /** SIGTERM; resolves with what it said of its spans at the end. */
  end(): Promise<Counts>
}

/** Each has a loopback address of its own, so that it can have the ports of every sidecar. */
function freeAddress(): string {
  const part = (): number => 2 + Math.floor(Math.random() * 250)
  return `127.${part()}.${part()}.${part()}`
}

export async function startSidecarProcess(
  environment: Readonly<Record<string, string>> = {},
): Promise<SidecarProcess> {
  const address = freeAddress()
  const control = await startControlPlane()
  const child = spawn(process.execPath, [await ensureBundle('sidecar')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      POD_IP: address,
      POD_UID: 'b1946ac9-2f3c-4d62-9d0b-000000000001',
      POD_NAME: 'shop-7d9f-x2',
      POD_NAMESPACE: 'shop',
      CONTROL_PLANE_URL: control.url,
      ...environment,
    },
  })
  const said = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text
    })
  }
  const metrics = async (): Promise<string> =>
    (await fetch(`http://${address}:${METRICS_PORT}/metrics`)).text()
  let ended: Promise<void> | undefined
  const end = (): Promise<void> => {
    ended ??= exitOf(child).finally(() => control.close())
    return ended
  }
  return {
    address,
    outbound: OUTBOUND_PORT,
    inbound: INBOUND_PORT,
    pid: child.pid ?? 0,
    output: () => said.stdout,
    holdOutput: held => void (held ? child.stdout.pause() : child.stdout.resume()),
    async configure(options, collectorPort) {
      const answer = control.nextAnswer()
      control.send(encodeSidecarConfig(configOf(options, collectorPort)))
      const { status } = await answer
      if (status !== 'applied') throw new Error(`the configuration was ${status}`)
    },
    counts: async () => countsOf(await metrics()),
    metric: async name => sumOf(await metrics(), name),
    async end() {
      await end()
      return lastWordOf(said.stderr)
    },
  }
}

async function exitOf(child: ChildProcess): Promise<void> {
  const closed = new Promise(resolve => child.once('close', resolve))
  if (child.exitCode === null) child.kill('SIGTERM')
  await closed
}

function sumOf(page: string, name: string): number {
  const lines = page.split('\n').filter(line => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
}

function countsOf(page: string): Counts {
  const dropped = page.matchAll(/^kiseki_sidecar_spans_dropped_total\{reason="([^"]+)"\} ([1-9]\d*)$/gm)
  return {
    recorded: sumOf(page, 'kiseki_sidecar_spans_recorded_total'),
    acknowledged: sumOf(page, 'kiseki_sidecar_spans_acknowledged_total'),
    queued: sumOf(page, 'kiseki_sidecar_spans_queued'),
    dropped: Object.fromEntries([...dropped].map(([, reason = '', count]) => [reason, Number(count)])),
  }
}

/** The line in which a sidecar closes its books. */
function lastWordOf(log: string): Counts {
  const line = log.split('\n').find(text => text.includes('"message":"the books of the spans are closed"'))
  if (line === undefined) throw new Error(`no last word in ${log}`)
  const { recorded, acknowledged, queued, ...rest } = JSON.parse(line) as Record<string, number>
  const dropped = Object.entries(rest).filter(([name]) => name.startsWith('dropped_'))
  return {
    recorded: Number(recorded),
    acknowledged: Number(acknowledged),
    queued: Number(queued),
    dropped: Object.fromEntries(dropped.map(([name, count]) => [name.slice('dropped_'.length), count])),
  }
}
