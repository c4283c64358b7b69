import { once } from 'node:events'
import { type AllInOneUrls, startAllInOne } from '../src/cli/kiseki/testing/all-in-one-process.ts'

export interface RunningBackend extends AllInOneUrls {
  /** A sample of its metrics by name, with labels. */
  metric(name: string): Promise<number>
  stop(): Promise<void>
}

/** `kiseki all-in-one` in a process of its own; `program` is its bundle or, by default, its source. */
export async function runBackend(flags: readonly string[] = [], program?: string): Promise<RunningBackend> {
  const { child, urls } = await startAllInOne(flags, program)
  const exited = once(child, 'exit')
  return {
    ...urls,
    async metric(name) {
      const text = await (await fetch(`${urls.admin}/metrics`)).text()
      const line = text.split('\n').find(candidate => candidate.startsWith(`${name} `))
      return Number(line?.split(' ')[1] ?? Number.NaN)
    },
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}
