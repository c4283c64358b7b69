import { type FileHandle, open, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errorFields, type Logger } from '../../runtime/logger.ts'
import type { ObjectStore, StoreListener } from '../store/object-store.ts'
import type { StoredObject } from '../store/object-tables.ts'
import { readJournal } from './journal-text.ts'

export interface JournalOptions {
  readonly folder: string
  readonly logger: Logger
  /** The journal is made shorter when it is longer than this. Default 8 MB. */
  readonly compactBytes?: number
  /** What may wait for a slow disk; more is not kept waiting, the next snapshot has it. Default 16 MB. */
  readonly waitingBytes?: number
}

export interface Journal {
  readonly restored: { readonly version: number; readonly objects: readonly StoredObject[] } | undefined
  /** From now on keeps what the store writes. */
  follow(store: ObjectStore): void
  /** Resolves when everything is on its way to the disk. */
  close(): Promise<void>
}

const SNAPSHOT = 'objects.json'
const LOG = 'journal.ndjson'
const DEFAULT_COMPACT_BYTES = 8_000_000
const DEFAULT_WAITING_BYTES = 16_000_000

/**
 * Keeps the objects of a store in a folder: a snapshot, and a line for each write since. Writers do not wait for the
 * disk: a crash of the process loses what happened in its last moments, an orderly end nothing.
 */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const { folder } = options
  const [snapshot, log] = await Promise.all([readText(join(folder, SNAPSHOT)), readText(join(folder, LOG))])
  const restored = readJournal(snapshot, log)
  const writer = new JournalWriter(options, await openLog(folder, log), log.length)
  return {
    restored,
    follow(store) {
      writer.follow(store, restored?.version ?? 0)
    },
    close: () => writer.close(),
  }
}

/** Cut after its last whole line: what comes next must not be glued to a torn one. */
async function openLog(folder: string, text: string): Promise<FileHandle> {
  const handle = await open(join(folder, LOG), 'a', 0o600)
  await handle.truncate(Buffer.byteLength(text.slice(0, text.lastIndexOf('\n') + 1)))
  return handle
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}

class JournalWriter {
  readonly #options: JournalOptions
  readonly #log: FileHandle
  #bytes: number
  #waiting: string[] = []
  #waitingBytes = 0
  /** Something was not kept waiting: only a snapshot has it. */
  #overflowed = false
  #store: ObjectStore | undefined
  #writing: Promise<void> | undefined

  constructor(options: JournalOptions, log: FileHandle, bytes: number) {
    this.#options = options
    this.#log = log
    this.#bytes = bytes
  }

  follow(store: ObjectStore, keptVersion: number): void {
    this.#store = store
    store.subscribe(event => this.#add(event, store.version))
    if (store.version === keptVersion) return
    // It wrote something before anybody followed: its first namespaces.
    this.#overflowed = true
    this.#writing = this.#writeAll()
  }

  async close(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing
    this.#store = undefined
    await this.#log.close()
  }

  #add({ type, resource, object }: Parameters<StoreListener>[0], version: number): void {
    if (this.#store === undefined) return
    const line = `${JSON.stringify({ version, type, resource: namesOf(resource), object })}\n`
    this.#waitingBytes += line.length
    if (this.#waitingBytes > (this.#options.waitingBytes ?? DEFAULT_WAITING_BYTES)) this.#overflow()
    else this.#waiting.push(line)
    this.#writing ??= this.#writeAll()
  }

  #overflow(): void {
    if (!this.#overflowed) this.#options.logger.warn('the disk is slow: the journal skips to a snapshot')
    this.#overflowed = true
    this.#waiting = []
    this.#waitingBytes = 0
  }

  async #writeAll(): Promise<void> {
    // In the next turn: a burst of writes is one write to the disk.
    await new Promise(resolve => setImmediate(resolve))
    try {
      while (this.#waiting.length > 0 || this.#overflowed) await this.#writeSome()
    } catch (error) {
      this.#waiting = []
      this.#overflowed = true
      this.#options.logger.error('objects cannot be kept on the disk', errorFields(error))
    } finally {
      this.#writing = undefined
    }
  }

  async #writeSome(): Promise<void> {
    const text = this.#waiting.join('')
    this.#waiting = []
    this.#waitingBytes = 0
    const compact = this.#overflowed || this.#bytes > (this.#options.compactBytes ?? DEFAULT_COMPACT_BYTES)
    if (!compact) {
      await this.#log.appendFile(text)
      this.#bytes += text.length
      return
    }
    this.#overflowed = false
    await this.#writeSnapshot()
  }

  /** Lines of the journal that the snapshot has already are skipped by their version: the order is safe. */
  async #writeSnapshot(): Promise<void> {
    const store = this.#store
    if (store === undefined) return
    const objects = [...store.all()].map(({ resource, object }) => ({ resource: namesOf(resource), object }))
    const file = join(this.#options.folder, SNAPSHOT)
    await writeFile(`${file}.new`, JSON.stringify({ version: store.version, objects }), { mode: 0o600 })
    await rename(`${file}.new`, file)
    await this.#log.truncate(0)
    this.#bytes = 0
  }
}

function namesOf({
  group,
  version,
  plural,
  kind,
  namespaced,
}: StoredObject['resource']): StoredObject['resource'] {
  return { group, version, plural, kind, namespaced }
}
