import type { FailureCause } from '../../kube/kube-failure.ts'
import { invalid } from './field-causes.ts'
import { goQuote } from './go-text.ts'
import type { Outcome, Subject } from './outcome.ts'
import type { SchemaNode } from './schema-node.ts'
import { type Place, WHOLE } from './type-check.ts'

type Validate = (node: SchemaNode, subject: Subject) => Outcome

/** anyOf, oneOf, allOf, not. Of alternatives that all fail, the one that came farthest says why. */
export function junctorOutcome(node: SchemaNode, subject: Subject, validate: Validate): Outcome {
  const run = (nodes: readonly SchemaNode[]): readonly Outcome[] => nodes.map(one => validate(one, subject))
  return merged([
    anyOf(run(node.anyOf), subject.place),
    oneOf(run(node.oneOf), subject.place),
    allOf(run(node.allOf), subject.place),
    not(node.not === undefined ? [] : run([node.not]), subject.place),
  ])
}

function anyOf(outcomes: readonly Outcome[], place: Place): Outcome {
  if (outcomes.length === 0) return NOTHING
  const fitting = outcomes.find(isValid)
  if (fitting !== undefined) return fitting
  return withCause(farthest(outcomes), place, 'must validate at least one schema (anyOf)')
}

function oneOf(outcomes: readonly Outcome[], place: Place): Outcome {
  if (outcomes.length === 0) return NOTHING
  const [fitting, ...others] = outcomes.filter(isValid)
  const rule = 'must validate one and only one schema (oneOf).'
  if (fitting === undefined) return withCause(farthest(outcomes), place, `${rule} Found none valid`)
  if (others.length === 0) return fitting
  return withCause(NOTHING, place, `${rule} Found ${others.length + 1} valid alternatives`)
}

function allOf(outcomes: readonly Outcome[], place: Place): Outcome {
  const all = merged(outcomes)
  const valid = outcomes.filter(isValid).length
  if (valid === outcomes.length) return all
  const problem = `must validate all the schemas (allOf)${valid === 0 ? '. None validated' : ''}`
  return { causes: [...all.causes, problemOf(place, problem)], matches: all.matches }
}

function not(outcomes: readonly Outcome[], place: Place): Outcome {
  return outcomes.some(isValid) ? withCause(NOTHING, place, 'must not validate the schema (not)') : NOTHING
}

const NOTHING: Outcome = { causes: [], matches: 0 }

function isValid(outcome: Outcome): boolean {
  return outcome.causes.length === 0
}

function farthest(outcomes: readonly Outcome[]): Outcome {
  return outcomes.reduce((best, outcome) => (outcome.matches > best.matches ? outcome : best))
}

function withCause(outcome: Outcome, place: Place, problem: string): Outcome {
  return { causes: [problemOf(place, problem), ...outcome.causes], matches: outcome.matches }
}

function problemOf(place: Place, problem: string): FailureCause {
  return invalid(WHOLE, '', `${goQuote(place)} ${problem}`)
}

function merged(outcomes: readonly Outcome[]): Outcome {
  return {
    causes: outcomes.flatMap(outcome => outcome.causes),
    matches: outcomes.reduce((sum, outcome) => sum + outcome.matches, 0),
  }
}
