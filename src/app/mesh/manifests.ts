import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { KisekiError } from '../../model/errors.ts'
import type { KubeObject } from '../../model/kubernetes.ts'

/**
 * The objects of a YAML or JSON file, or of all such files of a folder by name. Namespaces come first, so that
 * the others have where to go.
 */
export async function readManifests(path: string): Promise<readonly KubeObject[]> {
  const files = (await stat(path)).isDirectory()
    ? (await readdir(path))
        .filter(name => /\.(ya?ml|json)$/.test(name))
        .sort()
        .map(name => join(path, name))
    : [path]
  const objects = (await Promise.all(files.map(readManifest))).flat()
  return [...objects.filter(isNamespace), ...objects.filter(object => !isNamespace(object))]
}

const isNamespace = (object: KubeObject): boolean => object.kind === 'Namespace'

async function readManifest(file: string): Promise<readonly KubeObject[]> {
  const documents = parseAllDocuments(await readFile(file, 'utf8'))
  if (!Array.isArray(documents)) return []
  return documents
    .filter(document => document.contents !== null)
    .map((document, index) => {
      const [error] = document.errors
      if (error !== undefined) throw badManifest(file, error.message)
      return parseObject(document.toJS(), `${file}, document ${index + 1}`)
    })
}

function parseObject(value: unknown, place: string): KubeObject {
  const object = value as Partial<KubeObject> | null
  if (typeof object !== 'object' || object === null) throw badManifest(place, 'is no object')
  const { apiVersion, kind, metadata } = object
  if (typeof apiVersion !== 'string') throw badManifest(place, 'lacks apiVersion')
  if (typeof kind !== 'string') throw badManifest(place, 'lacks kind')
  if (typeof metadata?.name !== 'string') throw badManifest(place, 'lacks metadata.name')
  return { ...object, apiVersion, kind, metadata }
}

function badManifest(place: string, problem: string): KisekiError {
  return new KisekiError('KISEKI_BAD_MANIFEST', `${place}: ${problem}`)
}
