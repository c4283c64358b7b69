import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KisekiError, messageOf } from '../../model/errors.ts'

/**
 * What `demo.json` in the folder of a demo says. The product knows demos by this file alone, and none by name.
 */
export interface DemoDescription {
  readonly name: string
  /** Folders and files, absolute. */
  readonly manifests: string
  readonly images: string
  /** The log line by which the demo says that its apps reach each other. */
  readonly success: {
    readonly namespace: string
    readonly labels: Readonly<Record<string, string>>
    readonly container: string
    readonly line: string
  }
  /** A trace is complete when it leads through one service of each group, in this order. */
  readonly completeTrace: CompleteTrace
  /** What to try on the page. */
  readonly tries: readonly { readonly what: string; readonly path: string }[]
}

export interface CompleteTrace {
  readonly services: readonly (readonly string[])[]
  /** The least number of spans. */
  readonly spans: number
}

export async function readDemoDescription(folder: string): Promise<DemoDescription> {
  const file = join(folder, 'demo.json')
  try {
    return parse(JSON.parse(await readFile(file, 'utf8')), folder)
  } catch (error) {
    throw new KisekiError('KISEKI_BAD_MANIFEST', `${file}: ${messageOf(error)}`, { cause: error })
  }
}

function parse(value: unknown, folder: string): DemoDescription {
  const demo = record(value, '$')
  const success = record(demo['success'], 'success')
  const trace = record(demo['completeTrace'], 'completeTrace')
  return {
    name: text(demo['name'], 'name'),
    manifests: join(folder, text(demo['manifests'], 'manifests')),
    images: join(folder, text(demo['images'], 'images')),
    success: {
      namespace: text(success['namespace'], 'success.namespace'),
      labels: labels(success['labels'], 'success.labels'),
      container: text(success['container'], 'success.container'),
      line: text(success['line'], 'success.line'),
    },
    completeTrace: {
      services: list(trace['services'], 'completeTrace.services').map((group, i) =>
        list(group, `completeTrace.services[${i}]`).map(name => text(name, `completeTrace.services[${i}]`)),
      ),
      spans: number(trace['spans'], 'completeTrace.spans'),
    },
    tries: list(demo['try'], 'try').map((item, i) => {
      const entry = record(item, `try[${i}]`)
      return { what: text(entry['do'], `try[${i}].do`), path: text(entry['path'], `try[${i}].path`) }
    }),
  }
}

function record(value: unknown, place: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${place} must be an object`)
  return { ...value }
}

function list(value: unknown, place: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`${place} must be a list`)
  return value
}

function text(value: unknown, place: string): string {
  if (typeof value !== 'string' || value === '') throw new Error(`${place} must be a text`)
  return value
}

function number(value: unknown, place: string): number {
  if (typeof value !== 'number') throw new Error(`${place} must be a number`)
  return value
}

function labels(value: unknown, place: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(record(value, place)).map(([key, v]) => [key, text(v, `${place}.${key}`)]),
  )
}
