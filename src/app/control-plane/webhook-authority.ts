import type { KubeClient } from '../../kube/client.ts'
import { failedWith, unlessAbsent } from '../../kube/kube-errors.ts'
import { SECRETS } from '../../kube/resources.ts'
import { CA_SECRET } from '../../mesh/install/component-names.ts'
import { decodeBase64, encodeBase64 } from '../../model/base64.ts'
import { KisekiError } from '../../model/errors.ts'
import type { Secret } from '../../model/kubernetes.ts'
import type { CertifiedKey } from '../../runtime/certificates/certificates.ts'
import { createAuthority } from '../../runtime/certificates/certificates.ts'

const AUTHORITY_DAYS = 3650
const CERTIFICATE_KEY = 'ca.crt'
const PRIVATE_KEY = 'private.key'

/**
 * The authority of the mesh, from its Secret; made there by who comes first. It stays over restarts, so that what was
 * written into the webhook configurations goes on being right.
 */
export async function webhookAuthority(
  client: KubeClient,
  namespace: string,
  now: Date,
): Promise<CertifiedKey> {
  const place = { namespace, name: CA_SECRET }
  const found = await unlessAbsent(client.get(SECRETS, place))
  if (found !== undefined) return readAuthority(found)
  const authority = await createAuthority({
    commonName: 'osm-ca.openservicemesh.io',
    now,
    validDays: AUTHORITY_DAYS,
  })
  try {
    await client.create(SECRETS, secretOf(authority, place))
    return authority
  } catch (error) {
    if (!failedWith(error, 'KISEKI_ALREADY_EXISTS')) throw error
    return readAuthority(await client.get(SECRETS, place))
  }
}

function secretOf({ certPem, keyPem }: CertifiedKey, metadata: Secret['metadata']): Secret {
  const encoded = (text: string): string => encodeBase64(new TextEncoder().encode(text))
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata,
    data: { [CERTIFICATE_KEY]: encoded(certPem), [PRIVATE_KEY]: encoded(keyPem) },
  }
}

function readAuthority({ metadata, data = {} }: Secret): CertifiedKey {
  const textAt = (key: string): string => {
    const bytes = decodeBase64(data[key] ?? '')
    if (bytes !== undefined && bytes.length > 0) return new TextDecoder().decode(bytes)
    throw new KisekiError('KISEKI_INVALID', `Secret ${metadata.namespace}/${metadata.name} has no ${key}`, {
      remedy: 'Delete the Secret: the injector makes a new one when it starts.',
    })
  }
  return { certPem: textAt(CERTIFICATE_KEY), keyPem: textAt(PRIVATE_KEY) }
}
