import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The last configuration that was applied, kept for a start without control plane. */
export interface LastGood {
  /** Undefined where nothing was kept, or it cannot be read. */
  load(): Promise<string | undefined>
  /** Returns at once. Of several that come while one is written, the newest is written. */
  save(text: string): void
  /** Resolves when nothing is left to be written. */
  settled(): Promise<void>
}

export interface LastGoodOptions {
  readonly file: string
  readonly failed: (error: unknown) => void
}

export function createLastGood(options: LastGoodOptions): LastGood {
  let next: string | undefined
  let writing: Promise<void> | undefined

  async function writeAll(): Promise<void> {
    while (next !== undefined) {
      const text = next
      next = undefined
      await write(options.file, text).catch(options.failed)
    }
    writing = undefined
  }

  return {
    load: () => readFile(options.file, 'utf8').catch(() => undefined),
    save(text) {
      next = text
      writing ??= writeAll()
    },
    settled: async () => writing,
  }
}

/** A reader finds the old text or the new one, never half of it. */
async function write(file: string, text: string): Promise<void> {
  const scratch = `${file}.new`
  await mkdir(dirname(file), { recursive: true })
  await writeFile(scratch, text)
  await rename(scratch, file)
}

/** For sidecars that have no place to keep anything. */
export const KEEP_NOTHING: LastGood = {
  load: async () => undefined,
  save: () => undefined,
  settled: async () => undefined,
}
