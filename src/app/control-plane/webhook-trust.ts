import type { KubeClient } from '../../kube/client.ts'
import { createInformer } from '../../kube/informer.ts'
import { failedWith, unlessAbsent } from '../../kube/kube-errors.ts'
import {
  MUTATING_WEBHOOK_CONFIGURATIONS,
  type Resource,
  VALIDATING_WEBHOOK_CONFIGURATIONS,
} from '../../kube/resources.ts'
import { mutatingWebhookName, validatingWebhookName } from '../../mesh/install/component-names.ts'
import { encodeBase64 } from '../../model/base64.ts'
import type {
  MutatingWebhookConfiguration,
  ValidatingWebhookConfiguration,
} from '../../model/kubernetes-cluster.ts'
import { errorFields, type Logger } from '../../runtime/logger.ts'

type WebhookConfiguration = MutatingWebhookConfiguration | ValidatingWebhookConfiguration

export interface WebhookTrustOptions {
  readonly client: KubeClient
  readonly meshName: string
  /** The authority that the API shall trust when it calls the webhooks. */
  readonly caPem: string
  readonly logger: Logger
}

/**
 * Writes the authority into the webhook configurations of the mesh, whenever they lack it: also in new ones. Resolves
 * when those that there are have it.
 */
export async function keepWebhookTrust(options: WebhookTrustOptions): Promise<{ close(): Promise<void> }> {
  const { meshName } = options
  const informers = await Promise.all([
    follow(options, MUTATING_WEBHOOK_CONFIGURATIONS, mutatingWebhookName(meshName)),
    follow(options, VALIDATING_WEBHOOK_CONFIGURATIONS, validatingWebhookName(meshName)),
  ])
  return {
    async close() {
      await Promise.all(informers.map(informer => informer.close()))
    },
  }
}

async function follow<T extends WebhookConfiguration>(
  { client, caPem, logger }: WebhookTrustOptions,
  resource: Resource<T>,
  name: string,
): Promise<{ close(): Promise<void> }> {
  const caBundle = encodeBase64(new TextEncoder().encode(caPem))
  const present = await unlessAbsent(client.get(resource, { name }))
  if (present !== undefined && !isTrusting(present, caBundle))
    await trust({ client, resource, object: present, caBundle })
  const informer = createInformer(client, resource, { logger })
  informer.onChange(({ type, object }) => {
    if (type === 'DELETED' || object.metadata.name !== name || isTrusting(object, caBundle)) return
    trust({ client, resource, object, caBundle }).catch((error: unknown) =>
      logger.error('the authority of the webhooks could not be written', errorFields(error)),
    )
  })
  return informer
}

function isTrusting({ webhooks = [] }: WebhookConfiguration, caBundle: string): boolean {
  return webhooks.every(({ clientConfig }) => clientConfig.caBundle === caBundle)
}

async function trust<T extends WebhookConfiguration>(change: {
  readonly client: KubeClient
  readonly resource: Resource<T>
  readonly object: T
  readonly caBundle: string
}): Promise<void> {
  const { client, resource, object, caBundle } = change
  const { name, resourceVersion } = object.metadata
  const webhooks = (object.webhooks ?? []).map(webhook => ({
    ...webhook,
    clientConfig: { ...webhook.clientConfig, caBundle },
  }))
  try {
    await client.patch(resource, { name }, { metadata: { resourceVersion }, webhooks })
  } catch (error) {
    // Who changed or removed it meanwhile makes us look again.
    if (!failedWith(error, 'KISEKI_CONFLICT') && !failedWith(error, 'KISEKI_NOT_FOUND')) throw error
  }
}
