import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { KubeClient } from '../kube/client.ts'
import { kubeConfigText } from '../kube/write-kubeconfig.ts'
import { createClock } from '../runtime/clock.ts'
import { type ApiServer, startApiServer } from './http/api-server.ts'
import { type Credentials, openCredentials, writePrivateFile } from './http/credentials.ts'
import { createServiceAccountTokens, type ServiceAccountTokens } from './http/service-account-tokens.ts'
import { type Journal, openJournal } from './journal/journal.ts'
import { createLocalKubernetes, type LocalKubernetes } from './kubernetes.ts'
import { type LocalMachine, type LocalMachineOptions, startLocalMachine } from './machine.ts'
import { podSocketsOf, podStreamTarget } from './pod-access.ts'
import { lockState, type StateLock } from './runner/state-lock.ts'

export interface LocalClusterOptions
  extends Omit<LocalMachineOptions, 'kubernetes' | 'serviceAccounts' | 'lock'> {
  /** Of 127.0.0.1, for the API. 0 takes the one of the former run where that is free, or any. */
  readonly apiPort: number
  /** Of the cluster and context in the kubeconfig. */
  readonly name: string
}

/** A small Kubernetes on this machine: its API over TLS, and pods that are processes. */
export interface LocalCluster {
  readonly client: KubeClient
  readonly machine: LocalMachine
  readonly apiUrl: string
  /** The file that kubectl needs. */
  readonly kubeconfig: string
  /** Ends all pods; their objects stay for the next run. */
  stop(): Promise<void>
}
