import { execFileSync } from 'node:child_process'
import { cpus, loadavg, platform } from 'node:os'
import { LOAD_CORE, MEASURED_CORE } from './ground.ts'
import { hasProgram } from './processes.ts'

/** Above this at the start, other work disturbs the numbers. */
const QUIET_LOAD = 0.5

const NEEDED: Readonly<Record<string, string>> = {
  nginx: 'nginx-light',
  wrk: 'wrk',
  h2load: 'nghttp2-client',
  taskset: 'util-linux',
}

/** Why nothing can be measured here; undefined: it can. */
export function obstacle(): string | undefined {
  if (platform() !== 'linux') return 'needs Linux'
  if (cpus().length < 2) return 'needs two cores'
  const missing = Object.keys(NEEDED).filter(name => !hasProgram(name))
  if (missing.length === 0) return undefined
  const packages = missing.map(name => NEEDED[name])
  return `needs ${missing.join(', ')}, install with apt-get install ${packages.join(' ')}`
}

/** This process looks at memory and speaks to sidecars while others are measured: it must not do that beside them. */
export function leaveMeasuredCore(): void {
  execFileSync('taskset', ['-a', '-c', '-p', String(LOAD_CORE), String(process.pid)], { stdio: 'ignore' })
}

export interface Machine {
  readonly processor: string
  readonly cores: number
  readonly node: string
  readonly load: number
}

export function machine(): Machine {
  return {
    processor: cpus()[MEASURED_CORE]?.model ?? 'unknown',
    cores: cpus().length,
    node: process.version,
    load: loadavg()[0] ?? Number.NaN,
  }
}

export function loadWarning({ load }: Machine): string | undefined {
  if (load <= QUIET_LOAD) return undefined
  return `warning: the load average is ${load.toFixed(2)}; above ${QUIET_LOAD} other work disturbs the numbers`
}
