/**
 * CPU time per request of a sidecar against nginx: 1 KB bodies, 64 connections, one core for the one that is measured
 * and one for load and upstream. `node bench/sidecar/forwarding.ts [seconds] [rounds]`. Needs wrk and nginx on Linux.
 */
import { type ChildProcess, execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ensureBundle } from '../../src/app/bundles.ts'
import { startControlPlane } from '../../src/sidecar/testing/fake-control-plane.ts'
import { booksOn, configOf } from '../../src/sidecar/testing/rig.ts'
import { encodeSidecarConfig } from '../../src/wire/sidecar-config-json.ts'
import { nginxCommand, proxyConfig, upstreamConfig } from './nginx.ts'
import { childrenOf, cpuTimeOf, hasProgram, listening, residentMegabytes, startPinned } from './processes.ts'

const MEASURED_CORE = 0
const LOAD_CORE = 1
const CONNECTIONS = 64
const UPSTREAM_PORT = 18_100
const NGINX_PORT = 18_101
const FIRST_SIDECAR_PORT = 18_200

interface Subject {
  readonly name: string
  readonly port: number
  readonly pids: () => readonly number[]
}

interface Round {
  readonly requestsPerSecond: number
  readonly userMicros: number
  readonly systemMicros: number
  readonly p99: string
  readonly megabytes: number
}

const seconds = Number(process.argv[2] ?? 5)
const rounds = Number(process.argv[3] ?? 3)
const folder = mkdtempSync(join(tmpdir(), 'bench-sidecar-'))
const running: ChildProcess[] = []

async function startNginx(name: string, port: number, core: number, http: string): Promise<Subject> {
  const child = startPinned(core, nginxCommand(folder, name, http))
  running.push(child)
  await listening(port)
  return { name, port, pids: () => childrenOf(child.pid ?? 0) }
}

async function startSidecar(name: string, index: number, fraction: number | undefined): Promise<Subject> {
  const control = await startControlPlane()
  const resolved = [{ address: '127.0.0.1', port: UPSTREAM_PORT }]
  const tracing = fraction === undefined ? false : { sampledFraction: fraction, resolved }
  control.send(encodeSidecarConfig(configOf({ ...booksOn(UPSTREAM_PORT), tracing }, UPSTREAM_PORT)))
  const first = FIRST_SIDECAR_PORT + 10 * index
  const child = startPinned(MEASURED_CORE, [process.execPath, await ensureBundle('sidecar')], {
    POD_IP: '127.0.0.1',
    POD_UID: `bench-${index}`,
    POD_NAME: 'bench',
    POD_NAMESPACE: 'bench',
    CONTROL_PLANE_URL: control.url,
    SIDECAR_ADMIN_PORT: String(first),
    SIDECAR_OUTBOUND_PORT: String(first + 1),
    SIDECAR_INBOUND_PORT: String(first + 2),
    SIDECAR_METRICS_PORT: String(first + 3),
  })
  running.push(child)
  await listening(first + 1)
  return { name, port: first + 1, pids: () => [child.pid ?? 0] }
}

async function measure(subject: Subject): Promise<Round> {
  const before = cpuTimeOf(subject.pids())
  const { stdout } = await promisify(execFile)('taskset', [
    ...['-c', String(LOAD_CORE), 'wrk', '-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '--latency'],
    ...['-H', 'Host: books.shop', `http://127.0.0.1:${subject.port}/books/17`],
  ])
  const after = cpuTimeOf(subject.pids())
  const requests = Number(/(\d+) requests in/.exec(stdout)?.[1] ?? Number.NaN)
  if (/Non-2xx/.test(stdout)) throw new Error(`${subject.name}: ${stdout}`)
  const micros = (from: number, to: number): number => ((to - from) * 1e6) / requests
  return {
    requestsPerSecond: requests / seconds,
    userMicros: micros(before.userSeconds, after.userSeconds),
    systemMicros: micros(before.systemSeconds, after.systemSeconds),
    p99: /99%\s+(\S+)/.exec(stdout)?.[1] ?? '?',
    megabytes: residentMegabytes(subject.pids()),
  }
}

/** By CPU time per request. */
function median(of: readonly Round[]): Round | undefined {
  const sorted = [...of].sort((a, b) => a.userMicros + a.systemMicros - b.userMicros - b.systemMicros)
  return sorted[Math.floor(sorted.length / 2)]
}

async function run(): Promise<void> {
  await startNginx('upstream', UPSTREAM_PORT, LOAD_CORE, upstreamConfig(UPSTREAM_PORT))
  const subjects = [
    await startNginx('nginx', NGINX_PORT, MEASURED_CORE, proxyConfig(NGINX_PORT, UPSTREAM_PORT)),
    await startSidecar('sidecar, tracing off', 0, undefined),
    await startSidecar('sidecar, 0 % sampled', 1, 0),
    await startSidecar('sidecar, 100 % sampled', 2, 1),
  ]
  const results = new Map<Subject, Round[]>(subjects.map(subject => [subject, []]))
  // Interleaved, so that what else the machine does hits all alike. The first round warms up and does not count.
  for (let round = 0; round <= rounds; round++) {
    for (const subject of subjects) {
      const measured = await measure(subject)
      if (round > 0) results.get(subject)?.push(measured)
    }
  }
  printTable([...results].map(([{ name }, measured]) => ({ name, middle: median(measured) })))
}

function printTable(lines: readonly { readonly name: string; readonly middle: Round | undefined }[]): void {
  const cpuOf = ({ userMicros, systemMicros }: Round): number => userMicros + systemMicros
  const peer = lines[0]?.middle
  console.log(
    '| | CPU µs/request (user + system) | × nginx | requests/s | p99 | RSS MB |\n|---|---|---|---|---|---|',
  )
  for (const { name, middle } of lines) {
    if (middle === undefined || peer === undefined) continue
    const { userMicros, systemMicros, requestsPerSecond, p99, megabytes } = middle
    const cells = [
      name,
      `${cpuOf(middle).toFixed(1)} (${userMicros.toFixed(1)} + ${systemMicros.toFixed(1)})`,
      (cpuOf(middle) / cpuOf(peer)).toFixed(2),
      requestsPerSecond.toFixed(0),
      p99,
      megabytes.toFixed(0),
    ]
    console.log(`| ${cells.join(' | ')} |`)
  }
}

const missing = ['nginx', 'wrk', 'taskset'].filter(name => !hasProgram(name))
if (missing.length > 0) {
  console.log(`skipped: needs ${missing.join(', ')}, install with apt-get install nginx-light wrk util-linux`)
} else {
  try {
    await run()
  } finally {
    for (const child of running) child.kill('SIGTERM')
    rmSync(folder, { recursive: true, force: true })
  }
}
process.exit(0)
