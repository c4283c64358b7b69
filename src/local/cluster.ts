import { chmod, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { KubeClient } from '../kube/client.ts'
import { failedWith } from '../kube/kube-errors.ts'
import { kubeConfigText } from '../kube/write-kubeconfig.ts'
import { createClock } from '../runtime/clock.ts'
import { createMetrics } from '../runtime/metrics.ts'
import {
  type ApiServer,
  type ApiServerOptions,
  KUBERNETES_VERSION,
  startApiServer,
} from './http/api-server.ts'
import { openCredentials, writePrivateFile } from './http/credentials.ts'
import { createServiceAccountTokens } from './http/service-account-tokens.ts'
import { openJournal } from './journal/journal.ts'
import { createLocalKubernetes } from './kubernetes.ts'
import {
  type LocalMachine,
  type LocalMachineOptions,
  type LockedMachine,
  lockMachine,
  runMachine,
} from './machine.ts'
import { registerNode } from './node-object.ts'
import { createPodAccess } from './pod-access.ts'
import { expireEvents } from './store/event-expiry.ts'

export interface LocalClusterOptions extends Omit<LocalMachineOptions, 'kubernetes' | 'serviceAccounts'> {
  /** Of 127.0.0.1, for the API. Absent: that of the former run where it is free, else any. */
  readonly apiPort?: number
  /** Of the cluster and the context in the kubeconfig. */
  readonly name: string
}

/** A small Kubernetes on this machine: its API over TLS, and pods that are processes. */
export interface LocalCluster {
  readonly client: KubeClient
  readonly machine: LocalMachine
  readonly apiUrl: string
  /** The file that kubectl needs. */
  readonly kubeconfig: string
  /** Ends all pods. Their objects stay for the next run. */
  stop(): Promise<void>
}

/** A pod may run longer than any token of an hour: nothing here makes new ones for it. */
const POD_TOKEN_SECONDS = 365 * 24 * 3600

/** Starts it in its state folder, with the objects of a former run. `KISEKI_STATE_IN_USE` while another run has it. */
export async function startLocalCluster(options: LocalClusterOptions): Promise<LocalCluster> {
  const locked = await lockMachine(options)
  const undo: (() => Promise<unknown> | unknown)[] = [() => locked.lock.release()]
  try {
    return await startLocked(options, locked, undo)
  } catch (error) {
    for (const step of undo.reverse()) await step()
    throw error
  }
}

async function startLocked(
  options: LocalClusterOptions,
  locked: LockedMachine,
  undo: (() => Promise<unknown> | unknown)[],
): Promise<LocalCluster> {
  const { stateDir } = locked
  // Below are secrets, those that pods have mounted among them.
  await chmod(stateDir, 0o700)
  const { logger, clock = createClock() } = options
  const now = () => clock.now()
  const credentials = await openCredentials(join(stateDir, 'credentials'), now())
  const journal = await openJournal({ folder: stateDir, logger })
  undo.push(() => journal.close())
  const restored = journal.restored === undefined ? {} : { restored: journal.restored }
  const metrics = createMetrics()
  const kubernetes = createLocalKubernetes({ now, logger, metrics, mountServiceAccounts: true, ...restored })
  undo.push(() => kubernetes.close())
  registerNode(kubernetes.store, { now, kubernetesVersion: KUBERNETES_VERSION.gitVersion })
  const expiry = expireEvents(kubernetes.store, now)
  undo.push(() => expiry.close())
  const tokens = createServiceAccountTokens({ key: credentials.tokenKey, store: kubernetes.store, now })
  let machine: LocalMachine | undefined
  const access = createPodAccess(kubernetes.store, () => machine)
  const server = await startServer(
    { kubernetes, credentials, tokens, ...access, now, metrics, logger },
    options,
    stateDir,
  )
  undo.push(() => server.close())
  journal.follow(kubernetes.store)
  const serviceAccounts = {
    caPem: credentials.caPem,
    server: { host: '127.0.0.1', port: server.port },
    issueToken: (
      account: Parameters<typeof tokens.issue>[0]['account'],
      pod: { name: string; uid: string },
    ) => tokens.issue({ account, pod, seconds: POD_TOKEN_SECONDS }),
  }
  machine = await runMachine({ ...options, clock, kubernetes, serviceAccounts }, locked)
  const running = machine
  const { caPem, token } = credentials
  const kubeconfig = join(stateDir, 'kubeconfig')
  await writePrivateFile(kubeconfig, kubeConfigText({ name: options.name, server: server.url, caPem, token }))
  return {
    machine: running,
    kubeconfig,
    client: kubernetes.client,
    apiUrl: server.url,
    async stop() {
      // Pods may speak to the API until they have ended.
      await running.stop()
      await server.close()
      expiry.close()
      kubernetes.close()
      await journal.close()
      await locked.lock.release()
    },
  }
}

/** At the port that is asked for, or else where clients of a former run still look for it. */
async function startServer(
  parts: Omit<ApiServerOptions, 'port'>,
  { apiPort }: LocalClusterOptions,
  stateDir: string,
): Promise<ApiServer> {
  if (apiPort !== undefined) return startApiServer({ ...parts, port: apiPort })
  const file = join(stateDir, 'api-port')
  const former = Number(await readFile(file, 'utf8').catch(() => '0'))
  const server = await startApiServer({ ...parts, port: former }).catch((error: unknown) => {
    if (!failedWith(error, 'KISEKI_PORT_IN_USE')) throw error
    return startApiServer({ ...parts, port: 0 })
  })
  await writePrivateFile(file, String(server.port))
  return server
}
