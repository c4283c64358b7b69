import { isJsonObject, type Json } from '../../model/json.ts'
import { parseSetFlag, printSetPath, type SetPath } from './set-flag.ts'

/** The source of what a flag says. */
export const FLAG = '--set'

/** A value for one key, and where it was written. */
export interface WrittenValue {
  /** As `--set` has it: `osm.tracing.port`. */
  readonly key: string
  readonly value: Json
  /** `FLAG`, or the name of the file. */
  readonly source: string
}

export interface ValuesFile {
  /** As messages shall call it. */
  readonly name: string
  /** What was read from it. */
  readonly content: Json
}

export type WrittenOutcome =
  | { readonly status: 'read'; readonly values: readonly WrittenValue[] }
  | { readonly status: 'malformed'; readonly problem: string }

export function readSetFlag(flag: string): WrittenOutcome {
  const outcome = parseSetFlag(flag)
  if ('problem' in outcome)
    return { status: 'malformed', problem: `invalid format for --set: ${outcome.problem}` }
  const values = outcome.assignments.map(({ path, value }) => ({
    key: printSetPath(path),
    value,
    source: FLAG,
  }))
  return { status: 'read', values }
}

/** An empty file says nothing; so does an empty object in it, as in Helm, where objects are merged. */
export function readValuesFile({ name, content }: ValuesFile): WrittenOutcome {
  if (content === null) return { status: 'read', values: [] }
  if (!isJsonObject(content))
    return { status: 'malformed', problem: `${name}: must hold an object, as "osm: {deployJaeger: true}"` }
  const leaves = leavesOf(content, [])
  return {
    status: 'read',
    values: leaves.map(({ path, value }) => ({ key: printSetPath(path), value, source: name })),
  }
}

interface Leaf {
  readonly path: SetPath
  readonly value: Json
}

function leavesOf(value: Json, path: SetPath): readonly Leaf[] {
  if (!isJsonObject(value)) return [{ path, value }]
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, [...path, name]))
}
