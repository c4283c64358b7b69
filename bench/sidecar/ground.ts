import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { end, listening, startPinned } from './processes.ts'

/** The one that is measured has this core for itself. */
export const MEASURED_CORE = 0
/** Load, upstream and span sink share the other. */
export const LOAD_CORE = 1

export const UPSTREAM_PORT = 18_100
/** The same upstream, HTTP/2 with prior knowledge. */
export const UPSTREAM_H2_PORT = 18_101
/** Answers 202 to spans and looks at nothing, so that it costs next to nothing. */
export const SINK_PORT = 18_102

/** What a run has started and written, so that all of it can be taken away again. */
export class Ground {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'bench-sidecar-'))
  readonly #children: ChildProcess[] = []

  async start(options: {
    readonly core: number
    readonly command: readonly string[]
    readonly environment?: Readonly<Record<string, string>>
    readonly port: number
  }): Promise<ChildProcess & { readonly pid: number }> {
    const child = startPinned(options.core, options.command, options.environment)
    this.#children.push(child)
    const died = new Promise<never>((_, reject) =>
      child.once('exit', code => reject(new Error(`${options.command[0]} ended with ${code}`))),
    )
    await Promise.race([listening(options.port), died])
    died.catch(() => undefined)
    const { pid } = child
    if (pid === undefined) throw new Error(`${options.command[0]} has not started`)
    return Object.assign(child, { pid })
  }

  async clear(): Promise<void> {
    // The upstream and the sink came first and go last.
    for (const child of this.#children.toReversed()) await end(child)
    rmSync(this.folder, { recursive: true, force: true })
  }
}
