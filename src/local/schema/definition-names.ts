import type { FailureCause } from '../../kube/kube-failure.ts'
import type { JsonObject } from '../../model/json.ts'
import { labelProblems, subdomainProblems } from './dns-names.ts'
import { invalid, notSupported, required } from './field-causes.ts'
import { textAt, textsAt } from './json-reading.ts'

/** The name of a definition says what it defines: `widgets.example.test`. */
export function ownNameProblems(name: string, expected: string): readonly FailureCause[] {
  if (name === '') return [required('metadata.name', 'name or generateName is required')]
  const problems = [...subdomainProblems(name)]
  if (name !== expected) problems.push('must be spec.names.plural+"."+spec.group')
  return problems.map(problem => invalid('metadata.name', name, problem))
}

export function groupProblems(group: string): readonly FailureCause[] {
  const field = 'spec.group'
  if (group === '') return [required(field)]
  const problems = subdomainProblems(group)
  if (problems.length > 0) return [invalid(field, group, problems.join(','))]
  return group.includes('.') ? [] : [invalid(field, group, 'should be a domain with at least one dot')]
}

export function scopeProblems(scope: string): readonly FailureCause[] {
  if (scope === '') return [required('spec.scope')]
  if (scope === 'Cluster' || scope === 'Namespaced') return []
  return [notSupported('spec.scope', scope, ['Cluster', 'Namespaced'])]
}

/** `singular` and `listKind` have defaults: the kind in small letters, and with `List` behind it. */
export function namesProblems(names: JsonObject): readonly FailureCause[] {
  const kind = textAt(names, 'kind')
  const listKind = textAt(names, 'listKind') || (kind === '' ? '' : `${kind}List`)
  const singular = textAt(names, 'singular') || kind.toLowerCase()
  const plural = textAt(names, 'plural')
  const all = { plural, singular, kind, listKind }
  return [
    ...Object.entries(all).flatMap(([key, name]) => (name === '' ? [required(`spec.names.${key}`)] : [])),
    ...resourceProblems('plural', plural),
    ...resourceProblems('singular', singular),
    ...kindProblems('kind', kind),
    ...kindProblems('listKind', listKind),
    ...textsAt(names, 'shortNames').flatMap((name, at) => wordProblems(`shortNames[${at}]`, name)),
    ...(kind !== '' && kind === listKind
      ? [invalid('spec.names.listKind', listKind, 'kind and listKind may not be the same')]
      : []),
    ...textsAt(names, 'categories').flatMap((name, at) => wordProblems(`categories[${at}]`, name)),
  ]
}

function resourceProblems(key: string, name: string): readonly FailureCause[] {
  return name === '' ? [] : wordProblems(key, name)
}

function wordProblems(key: string, name: string): readonly FailureCause[] {
  const problems = labelProblems(name)
  return problems.length === 0 ? [] : [invalid(`spec.names.${key}`, name, problems.join(','))]
}

function kindProblems(key: string, kind: string): readonly FailureCause[] {
  if (kind === '') return []
  const problems = labelProblems(kind.toLowerCase())
  if (problems.length === 0) return []
  const detail = `may have mixed case, but should otherwise match: ${problems.join(',')}`
  return [invalid(`spec.names.${key}`, kind, detail)]
}
