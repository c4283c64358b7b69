import { KubeFailure } from '../../kube/kube-failure.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { elementOf } from './list-items.ts'
import { elementTopology, type ListTopology, memberOf } from './list-topology.ts'
import { describeElement, fieldElement } from './path-element.ts'

/**
 * Every item of what is applied must be told from its siblings. Throws `BadRequest`; kube-apiserver says the same
 * with status 500, as if it were to blame.
 */
export function checkApplied(applied: JsonObject, topology: ListTopology): void {
  const problems = [...problemsOf(applied, '', topology)]
  if (problems.length === 0) return
  const text =
    problems.length === 1 ? problems[0] : `errors:\n${problems.map(line => `  ${line}\n`).join('')}`
  throw new KubeFailure('BadRequest', `failed to create typed patch object (${nameOf(applied)}): ${text}`)
}

function* problemsOf(value: Json, path: string, topology: ListTopology): Generator<string> {
  if (Array.isArray(value)) {
    if (topology.list !== undefined) yield* problemsOfList(value, path, topology)
  } else if (isJsonObject(value) && topology.atomic !== true) {
    for (const [name, member] of Object.entries(value)) {
      yield* problemsOf(member, path + describeElement(fieldElement(name)), memberOf(topology, name))
    }
  }
}

function* problemsOfList(list: readonly Json[], path: string, topology: ListTopology): Generator<string> {
  const seen = new Set<string>()
  for (const [index, item] of list.entries()) {
    const named = elementOf(item, topology)
    if ('problem' in named) {
      yield `${path}: element ${index}: ${named.problem}`
      return
    }
    const place = describeElement(named.element)
    if (seen.has(named.element)) yield `${path}: duplicate entries for key ${place}`
    seen.add(named.element)
    yield* problemsOf(item, path + place, elementTopology(topology))
  }
}

/** `default/web; apps/v1, Kind=Deployment`. */
function nameOf({ metadata, apiVersion, kind }: JsonObject): string {
  const { namespace, name } = isJsonObject(metadata) ? metadata : {}
  return `${namespace ?? ''}/${name ?? ''}; ${describeKind(apiVersion, kind)}`
}

/** As Go prints a GroupVersionKind: `apps/v1, Kind=Deployment`, `/v1, Kind=Pod`. */
export function describeKind(apiVersion: Json | undefined, kind: Json | undefined): string {
  const version = typeof apiVersion === 'string' ? apiVersion : ''
  return `${version.includes('/') ? version : `/${version}`}, Kind=${kind ?? ''}`
}
