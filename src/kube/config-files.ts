import { dirname, isAbsolute, join } from 'node:path'
import { decodeBase64 } from '../model/base64.ts'
import { messageOf } from '../model/errors.ts'
import type { ConfigFields } from './kubeconfig-fields.ts'

/** Reads a text file; rejects as `node:fs` does, with `code` `ENOENT` where there is none. */
export type ReadTextFile = (path: string) => Promise<string>

/** The text of a file; undefined where there is none. */
export async function readIfPresent(readFile: ReadTextFile, path: string): Promise<string | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Files that a kubeconfig names are beside it, unless they say otherwise. */
export function besideConfig(fields: ConfigFields, path: string): string {
  return isAbsolute(path) ? path : join(dirname(fields.file), path)
}

/**
 * What a kubeconfig holds either in itself, in base64 (`certificate-authority-data`), or in a file that it names
 * (`certificate-authority`). The first wins. Undefined where it says neither.
 */
export async function dataOrFile(
  readFile: ReadTextFile,
  fields: ConfigFields,
  name: string,
): Promise<string | undefined> {
  const data = fields.text(`${name}-data`)
  if (data !== undefined) {
    const bytes = decodeBase64(data.replace(/\s/g, ''))
    if (bytes === undefined) throw fields.refuse(`${name}-data`, 'is not base64')
    return new TextDecoder().decode(bytes)
  }
  const path = fields.text(name)
  if (path === undefined) return undefined
  try {
    return await readFile(besideConfig(fields, path))
  } catch (error) {
    throw fields.refuse(name, `cannot read the file it names: ${messageOf(error)}`, error)
  }
}
