import { envoyCommand } from './envoy.ts'
import { type Ground, MEASURED_CORE, UPSTREAM_H2_PORT, UPSTREAM_PORT } from './ground.ts'
import { haproxyCommand } from './haproxy.ts'
import type { Ways } from './load.ts'
import { nginxCommand, nginxProxy } from './nginx.ts'
import { pipyCommand } from './pipy.ts'
import { hasProgram, withChildren } from './processes.ts'
import { AUTHORITY, startSidecarProcess } from './sidecar-process.ts'

/** Something that requests go through, or, once, nothing. */
export interface Subject extends Ways {
  readonly name: SubjectName
  /** Whose time and memory is counted; none for the direct way. */
  readonly pids: () => readonly number[]
  /** Of our sidecar. */
  readonly metricsPort?: number
}

export type SubjectName = (typeof SUBJECT_NAMES)[number]

export const SUBJECT_NAMES = [
  'direct',
  'nginx',
  'haproxy',
  'pipy',
  'envoy',
  'envoy-100',
  'off',
  '0',
  '10',
  '100',
] as const

/** As a table calls them. */
export const TITLES: Readonly<Record<SubjectName, string>> = {
  direct: 'direct, no proxy',
  nginx: 'nginx',
  haproxy: 'haproxy',
  pipy: 'Pipy',
  envoy: 'Envoy',
  'envoy-100': 'Envoy, 100 % sampled',
  off: 'sidecar, tracing off',
  '0': 'sidecar, 0 % sampled',
  '10': 'sidecar, 10 % sampled',
  '100': 'sidecar, 100 % sampled',
}

const FIRST_PORT = 18_200

/** What is missing for it, with what to do; undefined: nothing. */
export function missingFor(name: SubjectName): string | undefined {
  switch (name) {
    case 'nginx':
      return hasProgram('nginx') ? undefined : 'needs nginx, install with apt-get install nginx-light'
    case 'haproxy':
      return hasProgram('haproxy') ? undefined : 'needs haproxy, install with apt-get install haproxy'
    case 'pipy':
      return pipyBinary() ? undefined : 'needs a program, name it in KISEKI_BENCH_PIPY'
    case 'envoy':
    case 'envoy-100':
      return envoyBinary() ? undefined : 'needs a program, name it in KISEKI_BENCH_ENVOY'
    default:
      return undefined
  }
}

/** Each has ten ports of its own. */
export async function startSubject(ground: Ground, name: SubjectName): Promise<Subject> {
  const port = FIRST_PORT + 10 * SUBJECT_NAMES.indexOf(name)
  switch (name) {
    case 'direct':
      return {
        name,
        h1: { port: UPSTREAM_PORT, authority: AUTHORITY },
        h2: { port: UPSTREAM_H2_PORT, authority: AUTHORITY },
        pids: () => [],
      }
    case 'nginx':
      return start(ground, name, port, nginxCommand(ground.folder, 'proxy', nginxProxy(port, port + 1)))
    case 'haproxy':
      return start(ground, name, port, haproxyCommand(ground, port, port + 1))
    case 'pipy':
      return start(ground, name, port, pipyCommand(ground, pipyBinary(), port, port + 1))
    case 'envoy':
    case 'envoy-100': {
      const options = { binary: envoyBinary(), port, h2Port: port + 1, traced: name === 'envoy-100' }
      return start(ground, name, port, envoyCommand(ground, options))
    }
    default:
      return {
        name,
        ...(await startSidecarProcess(ground, {
          sampledFraction: name === 'off' ? undefined : Number(name) / 100,
          firstPort: port,
        })),
      }
  }
}

async function start(
  ground: Ground,
  name: SubjectName,
  port: number,
  command: readonly string[],
): Promise<Subject> {
  const { pid } = await ground.start({ core: MEASURED_CORE, command, port })
  return {
    name,
    h1: { port, authority: AUTHORITY },
    h2: { port: port + 1, authority: AUTHORITY },
    pids: () => withChildren(pid),
  }
}

function pipyBinary(): string {
  return process.env['KISEKI_BENCH_PIPY'] ?? ''
}

function envoyBinary(): string {
  return process.env['KISEKI_BENCH_ENVOY'] ?? ''
}
