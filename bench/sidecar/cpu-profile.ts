import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

export interface CallFrame {
  readonly functionName: string
  readonly url: string
  readonly lineNumber: number
}

interface CpuProfile {
  /** µs on the monotonic clock of the system. */
  readonly startTime: number
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame }[]
  /** Ids of the nodes that were on top, one a sample. */
  readonly samples: readonly number[]
  /** µs since the sample before. */
  readonly timeDeltas: readonly number[]
}

export interface Share {
  readonly name: string
  /** Of the whole: for time, that in which the process was not idle. */
  readonly share: number
}

export interface CpuShares {
  readonly byFunction: readonly Share[]
  readonly byKind: readonly Share[]
}

/** µs on the monotonic clock of the system. */
export interface Window {
  readonly from: number
  readonly to: number
}

/** Self time in the window, from the profile that V8 has written into the folder. */
export function readCpuShares(folder: string, { from, to }: Window): CpuShares {
  const { startTime, nodes, samples, timeDeltas }: CpuProfile = JSON.parse(readProfile(folder, '.cpuprofile'))
  const frames = new Map(nodes.map(node => [node.id, node.callFrame]))
  const byFunction = new Map<string, number>()
  const byKind = new Map<string, number>()
  let now = startTime
  samples.forEach((id, at) => {
    now += timeDeltas[at] ?? 0
    if (now < from || now > to) return
    const frame = frames.get(id)
    if (frame === undefined || frame.functionName === '(idle)') return
    // The time to the next sample belongs to this one.
    const micros = timeDeltas[at + 1] ?? 0
    add(byFunction, nameOf(frame), micros)
    add(byKind, kindOf(frame), micros)
  })
  return { byFunction: sharesOf(byFunction), byKind: sharesOf(byKind) }
}

/** The text of the profile whose name ends so. */
export function readProfile(folder: string, suffix: string): string {
  const file = readdirSync(folder).find(name => name.endsWith(suffix))
  if (file === undefined) throw new Error(`no ${suffix} was written`)
  return readFileSync(join(folder, file), 'utf8')
}

export function add(to: Map<string, number>, name: string, amount: number): void {
  to.set(name, (to.get(name) ?? 0) + amount)
}

/** Largest first. */
export function sharesOf(amounts: ReadonlyMap<string, number>): readonly Share[] {
  const all = [...amounts.values()].reduce((sum, amount) => sum + amount, 0)
  return [...amounts]
    .map(([name, amount]) => ({ name, share: amount / all }))
    .sort((a, b) => b.share - a.share)
}

export function nameOf({ functionName, url, lineNumber }: CallFrame): string {
  const name = functionName === '' ? '(anonymous)' : functionName
  return url === '' ? name : `${name} ${basename(url)}:${lineNumber + 1}`
}

/** V8 writes what it does itself in brackets; what has no file was written in C++. */
function kindOf({ functionName, url }: CallFrame): string {
  if (url.endsWith('sidecar.cjs')) return 'our sources'
  if (url !== '') return 'streams, sockets and buffers of Node'
  if (/^write/.test(functionName)) return 'writes to sockets, with the system call'
  return /^\(\w/.test(functionName) && functionName !== '(anonymous)'
    ? functionName
    : 'other native functions'
}
