import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { ImageCommand } from '../../local/image-command.ts'
import { KisekiError, messageOf } from '../../model/errors.ts'

/** By name without registry default, tag and digest: `jaegertracing/all-in-one`. */
export type ImageTable = ReadonlyMap<string, ImageCommand>

/** Looks an image up in several tables, first one first. */
export function imageResolver(tables: readonly ImageTable[]): (image: string) => ImageCommand | undefined {
  return image => {
    const name = imageName(image)
    for (const table of tables) {
      const found = table.get(name)
      if (found !== undefined) return found
    }
    return undefined
  }
}

/** Strips `docker.io/`, the tag and the digest (docs.docker.com/reference/cli/docker/image/tag). */
export function imageName(image: string): string {
  const withoutDigest = image.replace(/@.*$/, '')
  const withoutTag = withoutDigest.replace(/:[^/:]*$/, '')
  return withoutTag.replace(/^(docker\.io|index\.docker\.io)\//, '').replace(/^library\//, '')
}

/**
 * Reads a table `{"IMAGE": {"command": […], "env": {…}}}`. `${dir}` stands for the folder of the file, and a
 * command that begins with `node` is run by the Node that runs this program.
 */
export async function readImageTable(file: string): Promise<ImageTable> {
  try {
    const entries = Object.entries(JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>)
    const dir = resolve(dirname(file))
    return new Map(entries.map(([image, entry]) => [imageName(image), parseEntry(image, entry, dir)]))
  } catch (error) {
    throw new KisekiError('KISEKI_BAD_MANIFEST', `${file}: ${messageOf(error)}`, { cause: error })
  }
}

function parseEntry(image: string, entry: unknown, dir: string): ImageCommand {
  const { command, env } = (entry ?? {}) as { command?: unknown; env?: unknown }
  if (!Array.isArray(command) || command.length === 0 || !command.every(part => typeof part === 'string')) {
    throw new Error(`${image}.command must be a list of texts that is not empty`)
  }
  const expanded = command.map(part => part.replaceAll('${dir}', dir))
  return {
    command: expanded[0] === 'node' ? [process.execPath, ...expanded.slice(1)] : expanded,
    ...(env === undefined ? {} : { env: parseEnv(image, env) }),
  }
}

function parseEnv(image: string, env: unknown): Readonly<Record<string, string>> {
  if (typeof env !== 'object' || env === null) throw new Error(`${image}.env must be an object`)
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => {
      if (typeof value !== 'string') throw new Error(`${image}.env.${name} must be a text`)
      return [name, value]
    }),
  )
}
