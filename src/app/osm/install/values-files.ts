import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import type { ValuesFile } from '../../../mesh/install/written-values.ts'
import { KisekiError, messageOf } from '../../../model/errors.ts'
import type { Json } from '../../../model/json.ts'

/** Reads files as Helm's `-f` does: YAML, of which JSON is a part. `KISEKI_BAD_FLAG` names the one that cannot be. */
export async function readValuesFiles(paths: readonly string[]): Promise<readonly ValuesFile[]> {
  return await Promise.all(paths.map(readOne))
}

async function readOne(path: string): Promise<ValuesFile> {
  try {
    // Without tags of its own YAML gives nothing that is not JSON.
    const content = parse(await readFile(path, 'utf8'), { merge: true }) as Json | undefined
    return { name: path, content: content ?? null }
  } catch (error) {
    throw new KisekiError('KISEKI_BAD_FLAG', `--values ${path} cannot be read: ${messageOf(error)}`, {
      remedy: 'Name a file of YAML, as "osm: {deployJaeger: true}".',
      cause: error,
    })
  }
}
