/** What the path of a request names (kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris). */
export type ApiPath =
  /** `/api`, `/apis` */
  | { readonly kind: 'groups'; readonly core: boolean }
  /** `/apis/GROUP` */
  | { readonly kind: 'group'; readonly group: string }
  /** `/api/v1`, `/apis/GROUP/VERSION` */
  | { readonly kind: 'version'; readonly group: string; readonly version: string }
  | ({ readonly kind: 'objects' } & ObjectsPath)

export interface ObjectsPath {
  readonly group: string
  readonly version: string
  readonly plural: string
  readonly namespace?: string
  readonly name?: string
  readonly subresource?: string
  /** What follows a subresource: `/api/spans` in `pods/a:80/proxy/api/spans`. Not decoded. */
  readonly rest?: string
}

/** Parts of a namespace itself; all other parts of its path are resources in it. */
const NAMESPACE_PARTS = ['status', 'finalize']

/** Undefined: nothing is there. */
export function parseApiPath(path: string): ApiPath | undefined {
  const [, root, ...raw] = path.split('/')
  if (root !== 'api' && root !== 'apis') return undefined
  const core = root === 'api'
  const parts = (raw.at(-1) === '' && raw.length > 0 && !raw.includes('proxy') ? raw.slice(0, -1) : raw).map(
    decode,
  )
  if (parts.some((part, index) => part === undefined || (part === '' && index < 2))) return undefined
  const [group = '', version, ...below] = core ? ['', ...parts] : parts
  if (version === undefined) return parts.length === 0 ? { kind: 'groups', core } : { kind: 'group', group }
  if (below.length === 0) return { kind: 'version', group, version }
  return objectsPath({ group, version }, below.map(String), raw)
}

function objectsPath(
  of: { readonly group: string; readonly version: string },
  below: readonly string[],
  raw: readonly string[],
): ApiPath | undefined {
  const [first, namespace, next] = below
  const within = first === 'namespaces' && next !== undefined && !NAMESPACE_PARTS.includes(next)
  const [plural, name, subresource, ...rest] = within ? below.slice(2) : below
  if (plural === undefined || plural === '' || name === '') return undefined
  const tail = rest.length === 0 ? undefined : `/${raw.slice(-rest.length).join('/')}`
  if (tail !== undefined && subresource !== 'proxy') return undefined
  return {
    kind: 'objects',
    ...of,
    plural,
    ...(within && namespace !== undefined ? { namespace } : {}),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
    ...(tail === undefined ? {} : { rest: tail }),
  }
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}
