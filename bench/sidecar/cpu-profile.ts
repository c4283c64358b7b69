import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

interface Node {
  readonly id: number
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
}

export interface CpuProfile {
  readonly nodes: readonly Node[]
  /** Ids of the nodes that were on top, one a sample. */
  readonly samples: readonly number[]
  /** µs since the sample before. */
  readonly timeDeltas: readonly number[]
}

export interface SelfTime {
  readonly name: string
  /** Of the time in which the process was not idle. */
  readonly share: number
}

/** The profile that V8 has written into the folder. */
export function readProfile(folder: string): CpuProfile {
  const file = readdirSync(folder).find(name => name.endsWith('.cpuprofile'))
  if (file === undefined) throw new Error('no profile was written')
  return JSON.parse(readFileSync(join(folder, file), 'utf8'))
}

/** By share, largest first. */
export function selfTimes({ nodes, samples, timeDeltas }: CpuProfile): readonly SelfTime[] {
  const names = new Map(nodes.map(node => [node.id, nameOf(node)]))
  const micros = new Map<string, number>()
  let all = 0
  samples.forEach((id, at) => {
    const name = names.get(id) ?? ''
    if (name === '(idle)') return
    // The time to the next sample belongs to this one.
    const spent = timeDeltas[at + 1] ?? 0
    micros.set(name, (micros.get(name) ?? 0) + spent)
    all += spent
  })
  return [...micros].map(([name, spent]) => ({ name, share: spent / all })).sort((a, b) => b.share - a.share)
}

function nameOf({ callFrame: { functionName, url, lineNumber } }: Node): string {
  const name = functionName === '' ? '(anonymous)' : functionName
  return url === '' ? name : `${name} ${basename(url)}:${lineNumber + 1}`
}
