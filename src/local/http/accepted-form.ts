/** In which form a client wants objects, by its Accept header. */
export type AcceptedForm =
  | { readonly as: 'object' }
  /** meta.k8s.io/v1: rows and columns that `kubectl get` prints. */
  | { readonly as: 'table' }
  /** meta.k8s.io/v1: metadata alone. */
  | { readonly as: 'metadata' }

interface MediaRange {
  readonly type: string
  readonly parameters: Readonly<Record<string, string>>
}

/** The first form of the list that can be given; undefined: none, which is 406. Protobuf and CBOR are never given. */
export function acceptedForm(accept: string | undefined): AcceptedForm | undefined {
  const ranges = parseAccept(accept ?? '*/*')
  for (const { type, parameters } of ranges) {
    if (!['application/json', 'application/*', '*/*'].includes(type)) continue
    const { as, g, v } = parameters
    if (as === undefined) return { as: 'object' }
    if (g !== 'meta.k8s.io' || v !== 'v1') continue
    if (as === 'Table') return { as: 'table' }
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return { as: 'metadata' }
  }
  return undefined
}

/** The version of the aggregated discovery that a client takes; undefined: it wants the documents of old. */
export function acceptedDiscovery(accept: string | undefined): 'v2' | 'v2beta1' | undefined {
  for (const { type, parameters } of parseAccept(accept ?? '')) {
    const { as, g, v } = parameters
    if (type !== 'application/json') continue
    if (as === undefined) return undefined
    if (as !== 'APIGroupDiscoveryList' || g !== 'apidiscovery.k8s.io') continue
    if (v === 'v2' || v === 'v2beta1') return v
  }
  return undefined
}

function parseAccept(accept: string): readonly MediaRange[] {
  return accept
    .split(',')
    .map(range => range.trim())
    .filter(range => range !== '')
    .map(range => {
      const [type = '', ...rest] = range.split(';').map(part => part.trim())
      const parameters = rest.flatMap(part => {
        const [name = '', value = ''] = part.split('=')
        return name === '' ? [] : [[name, value] as const]
      })
      return { type: type.toLowerCase(), parameters: Object.fromEntries(parameters) }
    })
}
