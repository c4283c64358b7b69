import { KubeFailure } from '../../kube/kube-failure.ts'
import type { JsonObject } from '../../model/json.ts'
import { type KindName, messageOfKind } from '../kinds/built-in-kinds.ts'
import { decodeMessage } from './message-decoder.ts'
import { MalformedMessage, type WireValue } from './wire-reader.ts'
import { bytesOf, lastValues, textOf } from './wire-values.ts'

/** The media type whose bodies these are. */
export const KUBE_PROTOBUF = 'application/vnd.kubernetes.protobuf'

const MAGIC: readonly number[] = [0x6b, 0x38, 0x73, 0x00]

/** kube-apiserver's bound for bodies of requests. */
const MOST_BYTES = 3 * 1024 * 1024

/**
 * The object of a body of `application/vnd.kubernetes.protobuf`, as the client would have sent it in JSON
 * (kubernetes.io/docs/reference/using-api/api-concepts, "Kubernetes Protobuf encoding"). Zeros of optional fields
 * that Go writes always are left out, so that they can take their defaults.
 *
 * Throws `KubeFailure`: `UnsupportedMediaType` for kinds that are not built in, `BadRequest` with the place for
 * bytes that are not the message, `RequestEntityTooLarge`.
 */
export function decodeKubeProtobuf(bytes: Uint8Array): JsonObject {
  if (bytes.length > MOST_BYTES) {
    throw new KubeFailure('RequestEntityTooLarge', `Request entity too large: limit is ${MOST_BYTES}`)
  }
  if (!MAGIC.every((byte, index) => bytes[index] === byte)) {
    throw new KubeFailure(
      'BadRequest',
      `provided data does not appear to be a protobuf message, expected prefix [${MAGIC.join(' ')}]`,
    )
  }
  const envelope = decoding('the envelope of the object', () => readEnvelope(bytes.subarray(MAGIC.length)))
  const { apiVersion, kind } = envelope
  const message = messageOfKind(envelope)
  if (message === undefined) {
    throw new KubeFailure(
      'UnsupportedMediaType',
      `the body of the request was in an unknown format - ${kind} of ${apiVersion} has no protobuf form here, accepted media types include: application/json, application/yaml`,
    )
  }
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1)
  return decoding(`${kind} in version "${version}" cannot be handled as a ${kind}`, () => ({
    apiVersion,
    kind,
    ...decodeMessage(message, envelope.raw, { path: '', depth: 0 }),
  }))
}

interface Envelope extends KindName {
  readonly raw: Uint8Array
}

/** `runtime.Unknown`: 1 the type (1 apiVersion, 2 kind), 2 the message, 3 its encoding, 4 its media type. */
function readEnvelope(bytes: Uint8Array): Envelope {
  const place = ''
  const text = (value: WireValue | undefined): string => (value === undefined ? '' : textOf(value, place))
  const fields = lastValues({ wireType: 2, bytes }, place)
  const [type, raw] = [fields.get(1), fields.get(2)]
  const typeFields = type === undefined ? undefined : lastValues(type, place)
  const [apiVersion, kind] = [text(typeFields?.get(1)), text(typeFields?.get(2))]
  if (kind === '') throw new KubeFailure('BadRequest', "Object 'Kind' is missing in the protobuf message")
  if (apiVersion === '') {
    throw new KubeFailure('BadRequest', "Object 'apiVersion' is missing in the protobuf message")
  }
  const [encoding, mediaType] = [text(fields.get(3)), text(fields.get(4))]
  if (encoding !== '' || (mediaType !== '' && mediaType !== KUBE_PROTOBUF)) {
    throw new KubeFailure(
      'UnsupportedMediaType',
      `the message of ${kind} is in an unknown format: ${[mediaType, encoding].filter(Boolean).join(', ')}`,
    )
  }
  return { apiVersion, kind, raw: raw === undefined ? new Uint8Array(0) : bytesOf(raw, place) }
}

function decoding<T>(subject: string, decode: () => T): T {
  try {
    return decode()
  } catch (thrown) {
    if (!(thrown instanceof MalformedMessage)) throw thrown
    throw new KubeFailure('BadRequest', `${subject}: ${thrown.message}`, { cause: thrown })
  }
}
