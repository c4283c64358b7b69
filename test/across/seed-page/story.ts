import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'vitest'
import type { World } from './world.ts'

/** One thing that a person does, by its name. Each builds on those before it. */
export type Step = (title: string, done: (world: World) => Promise<void>) => void

/** What a command prints that succeeds. */
export async function typed(world: World, commands: string): Promise<string> {
  const { stdout, stderr, code } = await world.type(commands)
  expect(code, `$ ${commands}\n${stdout}${stderr}`).toBe(0)
  return stdout
}

/** Types it again and again until it prints what it should; fails with what it printed last. */
export async function eventually(world: World, commands: string, expected: RegExp): Promise<string> {
  for (const deadline = Date.now() + 30_000; ; await delay(200)) {
    const { stdout, stderr } = await world.type(commands)
    if (expected.test(stdout + stderr)) return stdout
    if (Date.now() > deadline) expect(stdout + stderr, `$ ${commands}`).toMatch(expected)
  }
}

/** The rows of a table of kubectl, the first one with its headings, as lists of cells. */
export function tableOf(printed: string): readonly (readonly string[])[] {
  return printed
    .trimEnd()
    .split('\n')
    .map(line => line.trim().split(/\s{2,}/))
}

/** The name of a pod of an app that is to stay. */
export async function podOf(world: World, namespace: string, app: string): Promise<string> {
  const rows = tableOf(await typed(world, `kubectl get pods -n ${namespace} -l app=${app} --no-headers`))
  const [name] = rows.find(([, , status]) => status === 'Running') ?? []
  if (name === undefined) throw new Error(`no pod of ${app} runs`)
  return name
}
