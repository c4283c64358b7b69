import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'vitest'
import type { ClusterUnderTest } from './cluster.ts'
import type { Kubectl, RunOptions } from './kubectl.ts'

/** A command line without `kubectl`, and what it prints, on both streams. */
export type Step = readonly [command: string, prints: string | RegExp, how?: StepOptions]

export interface StepOptions extends RunOptions {
  /** The first version that has the command, for servers of today. */
  readonly from?: string
}

/** Part of a battery, in an empty namespace of its own. */
export interface Chapter {
  readonly title: string
  /** Told by every version; absent: by the oldest and the newest. */
  readonly everywhere?: true
  tell(kubectl: Kubectl, cluster: ClusterUnderTest): Promise<void>
}

/** One after the other. A text must be in what is printed; an empty one means that nothing is. */
export async function tellSteps(kubectl: Kubectl, steps: readonly Step[]): Promise<void> {
  for (const [command, prints, how] of steps) {
    if (how?.from !== undefined && kubectl.version < how.from) continue
    const { stdout, stderr } = await kubectl.run(command, how)
    const printed = stdout + stderr
    const said = `kubectl ${kubectl.version} ${command}`
    if (prints === '') expect(printed, said).toBe('')
    else if (typeof prints === 'string') expect(printed, said).toContain(prints)
    else expect(printed, said).toMatch(prints)
  }
}

/** A chapter that is steps alone. */
export function chapter(title: string, steps: readonly Step[]): Chapter {
  return { title, tell: kubectl => tellSteps(kubectl, steps) }
}

export function everywhere(told: Chapter): Chapter {
  return { ...told, everywhere: true }
}

export const FAILS: RunOptions = { fails: true }

export function manifest(object: object): RunOptions {
  return { stdin: JSON.stringify(object) }
}

/** Asks again until it is so; a guard against hanging, not a promise. */
export async function eventually(what: string, ask: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await delay(100)) if (await ask()) return
  throw new Error(`waited in vain: ${what}`)
}
