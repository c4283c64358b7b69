import type { Readable } from 'node:stream'
import { isJsonObject } from '../../model/json.ts'

/** More than any size takes: what is longer and not at its end is none. */
const MOST_CHARACTERS = 1_024

/**
 * Reads `{"Width":80,"Height":24}`, one after the other, of a client's resize stream (client-go, TerminalSize). What is
 * no size is passed over.
 */
export function watchTerminalSize(resize: Readable, apply: (columns: number, rows: number) => void): void {
  let text = ''
  resize.on('data', (bytes: Buffer) => {
    const parts = (text + bytes.toString('latin1')).split('}')
    const rest = parts.pop() ?? ''
    text = rest.length > MOST_CHARACTERS ? '' : rest
    for (const part of parts) {
      const size = parseSize(`${part}}`)
      if (size !== undefined) apply(size.columns, size.rows)
    }
  })
}

function parseSize(text: string): { readonly columns: number; readonly rows: number } | undefined {
  try {
    const size: unknown = JSON.parse(text)
    if (!isJsonObject(size)) return undefined
    const { Width: columns, Height: rows } = size
    return isDimension(columns) && isDimension(rows) ? { columns, rows } : undefined
  } catch {
    return undefined
  }
}

function isDimension(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) <= 0xffff
}
