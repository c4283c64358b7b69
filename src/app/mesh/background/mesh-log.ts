import { closeSync, openSync } from 'node:fs'
import { open, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'

const MOST_BYTES = 5_000_000
const SHOWN_BYTES = 16_384
const SHOWN_LINES = 15

/** What the background process prints. */
export interface MeshLog {
  readonly file: string
  /** For the process to write to; ours must be closed. */
  readonly fd: number
  close(): void
  /** The last lines since it was opened. */
  tail(): Promise<readonly string[]>
}

/** Appends to the log of a state folder. One that has become long is put aside first; of those one is kept. */
export async function openMeshLog(stateDir: string): Promise<MeshLog> {
  const file = join(stateDir, 'up.log')
  const size = await stat(file).then(
    found => found.size,
    () => 0,
  )
  if (size > MOST_BYTES) await rename(file, `${file}.1`)
  const begin = size > MOST_BYTES ? 0 : size
  const fd = openSync(file, 'a', 0o600)
  return { file, fd, close: () => closeSync(fd), tail: () => lastLines(file, begin) }
}

async function lastLines(file: string, begin: number): Promise<readonly string[]> {
  const handle = await open(file, 'r')
  try {
    const { size } = await handle.stat()
    const from = Math.max(begin, size - SHOWN_BYTES)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.max(0, size - from)), {
      position: from,
    })
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n')
    return lines.filter(line => line.trim() !== '').slice(-SHOWN_LINES)
  } finally {
    await handle.close()
  }
}
