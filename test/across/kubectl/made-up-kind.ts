import { capitalised, words } from './words.ts'

/** A kind with names and fields that exist in this run alone. */
export interface MadeUpKind {
  readonly group: string
  readonly kind: string
  readonly plural: string
  readonly short: string
  readonly category: string
  /** An integer of 1 to 10, required. */
  readonly size: string
  /** `red` where nothing is said, or `blue`. */
  readonly colour: string
  /** Texts of at most 5 characters, in a list without doubles. */
  readonly tags: string
  /** The name of the CustomResourceDefinition. */
  readonly definition: string
}

export function makeKind(): MadeUpKind {
  const [group = '', singular = '', short = '', category = '', size = '', colour = '', tags = ''] = words(7)
  const plural = `${singular}s`
  return {
    group: `${group}.example`,
    kind: capitalised(singular),
    plural,
    short: short.slice(0, 4),
    category,
    size,
    colour,
    tags,
    definition: `${plural}.${group}.example`,
  }
}

export function definitionOf(made: MadeUpKind): object {
  const version = (name: string, storage: boolean) => ({
    name,
    served: true,
    storage,
    subresources: {
      status: {},
      scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
    },
    additionalPrinterColumns: [
      { name: capitalised(made.size), type: 'integer', jsonPath: `.spec.${made.size}` },
      { name: capitalised(made.colour), type: 'string', jsonPath: `.spec.${made.colour}`, priority: 1 },
      { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    ],
    schema: { openAPIV3Schema: schemaOf(made) },
  })
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: made.definition },
    spec: {
      group: made.group,
      scope: 'Namespaced',
      names: {
        plural: made.plural,
        singular: made.kind.toLowerCase(),
        kind: made.kind,
        shortNames: [made.short],
        categories: [made.category],
      },
      versions: [version('v1', true), version('v1alpha1', false)],
    },
  }
}

function schemaOf({ size, colour, tags }: MadeUpKind): object {
  return {
    type: 'object',
    required: ['spec'],
    properties: {
      spec: {
        type: 'object',
        required: [size],
        properties: {
          [size]: { type: 'integer', minimum: 1, maximum: 10, description: `How much ${size}.` },
          [colour]: { type: 'string', enum: ['red', 'blue'], default: 'red' },
          [tags]: { type: 'array', items: { type: 'string', maxLength: 5 }, 'x-kubernetes-list-type': 'set' },
          replicas: { type: 'integer' },
        },
      },
      status: {
        type: 'object',
        properties: { replicas: { type: 'integer' }, mood: { type: 'string' } },
      },
    },
  }
}
