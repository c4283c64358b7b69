/** Every error that a person can meet, by code. The paragraph says what to do; README and docs may link to a code. */
export const ERROR_CODES = {
  KISEKI_BAD_FLAG: 'A flag has a value that cannot be used. The message names the flag and what it takes.',
  KISEKI_UNKNOWN_FLAG: 'There is no such flag. `--help` lists those that exist.',
  KISEKI_UNKNOWN_COMMAND: 'There is no such command. `--help` lists those that exist.',
  KISEKI_PORT_IN_USE:
    'Another program listens on the address. Stop it, or name another port; 0 takes a free one.',
  KISEKI_CANNOT_LISTEN:
    'The address cannot be listened on. Name an address of this machine, and a port you may use.',
  KISEKI_BUILD_FAILED:
    'A bundle could not be built from the sources. Run `npm ci` again with Node 20.19 or newer (for older ones npm leaves out what builds), then `npm run build`.',
  KISEKI_BAD_MANIFEST: 'A manifest could not be read. The message names the file and the place in it.',
  KISEKI_NOT_FOUND: 'The object does not exist.',
  KISEKI_CONFLICT: 'The object was changed by somebody else. Read it again, then repeat the change.',
  KISEKI_ALREADY_EXISTS: 'An object of that kind, namespace and name exists already.',
  KISEKI_INVALID: 'The object breaks its schema. The message names the field and what it takes.',
  KISEKI_BAD_REQUEST: 'The request could not be read. The message names the place and what it takes.',
  KISEKI_FORBIDDEN: 'The credentials are missing, wrong, or do not allow it. See which kubeconfig is in use.',
  KISEKI_UNSUPPORTED:
    'The server does not do that. docs/kubernetes-api.md lists what the one on one machine does.',
  KISEKI_API_FAILED:
    'The Kubernetes API could not do it for a reason of its own. See its log, then try again.',
  KISEKI_API_UNREACHABLE:
    'The Kubernetes API does not answer. See that it runs (`osm up` starts one on this machine) and which kubeconfig is in use.',
  KISEKI_BAD_KUBECONFIG: 'The kubeconfig could not be used. The message names the file and the place in it.',
  KISEKI_GONE: 'The watch is too old to be continued. List again, then watch from there.',
  KISEKI_BAD_CONFIG: 'A SidecarConfig could not be used. The sidecar keeps the one before.',
  KISEKI_QUERY_REFUSED: 'The query service refused the request. The message says which value it cannot use.',
  KISEKI_QUERY_FAILED:
    'The query service answered with an error, or with what is no answer. Look at its log.',
  KISEKI_UNREACHABLE: 'The query service does not answer. See that it runs, and that the address is right.',
  KISEKI_STATE_IN_USE: 'Another run uses the state folder. Stop it, or name another folder.',
  KISEKI_TIMEOUT: 'It did not happen in time. The message says what was waited for.',
} as const

export type ErrorCode = keyof typeof ERROR_CODES

/** An error for a person: what happened (message), which kind (code), what to do about it (remedy). */
export class KisekiError extends Error {
  readonly code: ErrorCode
  readonly remedy: string

  constructor(
    code: ErrorCode,
    message: string,
    options: { readonly remedy?: string; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'KisekiError'
    this.code = code
    this.remedy = options.remedy ?? ERROR_CODES[code]
  }
}

/** The text of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
