import type { ObjectName } from '../../kube/client.ts'
import { createInformer } from '../../kube/informer.ts'
import { failedWith, unlessAbsent } from '../../kube/kube-errors.ts'
import { CONFIG_MAPS, NAMESPACES, SERVICE_ACCOUNTS } from '../../kube/resources.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import { ROOT_CA_CONFIG_MAP } from '../service-accounts.ts'
import type { Controller, ControllerContext } from './controller.ts'
import { createReconciler } from './reconciler.ts'

const DEFAULT_ACCOUNT = 'default'

type AccountContext = Pick<ControllerContext, 'client' | 'logger'> & {
  /** Of the authority of the API's certificate. Absent: nobody needs it. */
  readonly caPem?: string
}

/** In every namespace the ServiceAccount `default`, and what its pods check the API's certificate against. */
export function startServiceAccountController(context: AccountContext): Controller {
  const { client, logger, caPem } = context
  const reconciler = createReconciler({
    name: 'serviceaccount-controller',
    reconcile: namespace => reconcile(context, namespace),
    logger,
  })
  const namespaces = createInformer(client, NAMESPACES, { logger })
  namespaces.onChange(({ object }) => reconciler.add(object.metadata.name))
  const accounts = createInformer(client, SERVICE_ACCOUNTS, { logger })
  const look = (name: string, { metadata }: KubeObject) => {
    if (metadata.name === name && metadata.namespace !== undefined) reconciler.add(metadata.namespace)
  }
  accounts.onChange(({ object }) => look(DEFAULT_ACCOUNT, object))
  const configMaps = caPem === undefined ? undefined : createInformer(client, CONFIG_MAPS, { logger })
  configMaps?.onChange(({ object }) => look(ROOT_CA_CONFIG_MAP, object))
  return {
    async close() {
      await Promise.all([reconciler, namespaces, accounts, configMaps].map(each => each?.close()))
    },
  }
}

async function reconcile({ client, caPem }: AccountContext, name: string): Promise<void> {
  const namespace = await unlessAbsent(client.get(NAMESPACES, { name }))
  if (namespace === undefined || namespace.metadata.deletionTimestamp !== undefined) return
  const account: ObjectName = { namespace: name, name: DEFAULT_ACCOUNT }
  if ((await unlessAbsent(client.get(SERVICE_ACCOUNTS, account))) === undefined) {
    const object = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: account }
    await unlessThere(client.create(SERVICE_ACCOUNTS, object))
  }
  if (caPem === undefined) return
  const metadata = { namespace: name, name: ROOT_CA_CONFIG_MAP }
  const data = { 'ca.crt': caPem }
  const found = await unlessAbsent(client.get(CONFIG_MAPS, metadata))
  if (found === undefined)
    await unlessThere(client.create(CONFIG_MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data }))
  else if (found.data?.['ca.crt'] !== caPem) await client.patch(CONFIG_MAPS, metadata, { data })
}

/** Somebody else was faster. */
async function unlessThere(call: Promise<unknown>): Promise<void> {
  try {
    await call
  } catch (error) {
    if (!failedWith(error, 'KISEKI_ALREADY_EXISTS')) throw error
  }
}
