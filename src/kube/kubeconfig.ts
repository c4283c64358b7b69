import { join } from 'node:path'
import { KisekiError, messageOf } from '../model/errors.ts'
import { type ReadTextFile, readIfPresent } from './config-files.ts'
import type { RunPlugin } from './exec-credentials.ts'
import { inClusterEndpoint } from './in-cluster.ts'
import type { KubeEndpoint } from './kube-endpoint.ts'
import { endpointOf } from './kubeconfig-context.ts'
import { type KubeConfigDocument, mergeKubeConfigs, parseKubeConfig } from './kubeconfig-document.ts'
import { badKubeConfig } from './kubeconfig-fields.ts'
import type { UserWorld } from './kubeconfig-user.ts'
import { runPluginProcess } from './plugin-process.ts'

export interface LoadKubeConfigOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly homeDir: string
  /** Text of a file; rejects with `code` `ENOENT` where there is none. */
  readonly readFile: ReadTextFile
  /** Of `--kubeconfig`: this file and no other. */
  readonly kubeconfigFlag?: string
  /** Of `--context`. Absent: the current one. */
  readonly contextFlag?: string
  /** Looked at last, and only when nothing was named: the kubeconfig of the mesh on this machine. */
  readonly fallbackFile?: string
  /** Absent: Date.now. */
  readonly nowMillis?: () => number
  /** Absent: starts a process. */
  readonly runPlugin?: RunPlugin
  /** Absent: whether standard input is one. */
  readonly terminal?: boolean
  /** Absent: that of this process. `win32` separates the files of $KUBECONFIG by `;`. */
  readonly platform?: string
}

/**
 * Which Kubernetes API to talk to, found where kubectl looks: the file of `--kubeconfig`, else those of
 * $KUBECONFIG, else `~/.kube/config`; else what a pod has; and last the fallback. Files that choose no context are
 * passed over, unless they were named.
 *
 * Throws `KISEKI_BAD_KUBECONFIG`, naming the file and the place in it.
 */
export async function loadKubeConfig(options: LoadKubeConfigOptions): Promise<KubeEndpoint> {
  const world = worldOf(options)
  const named = await namedFiles(options)
  const context = named && contextOf(named, options)
  if (named !== undefined && context !== undefined) return endpointOf(named, context, world)

  const home = join(options.homeDir, '.kube', 'config')
  if (named === undefined) {
    const chosen = await fromFile(home, options, world)
    if (chosen !== undefined) return chosen
  }
  const inPod = options.contextFlag === undefined ? await inClusterEndpoint(world) : undefined
  if (inPod !== undefined) return inPod
  if (named === undefined && options.fallbackFile !== undefined) {
    const chosen = await fromFile(options.fallbackFile, options, world)
    if (chosen !== undefined) return chosen
  }
  throw nothingChosen(options, home)
}

function worldOf(options: LoadKubeConfigOptions): UserWorld {
  return {
    env: options.env,
    readFile: options.readFile,
    nowMillis: options.nowMillis ?? Date.now,
    runPlugin: options.runPlugin ?? runPluginProcess,
    terminal: options.terminal ?? process.stdin.isTTY === true,
  }
}

/** What `--kubeconfig` or $KUBECONFIG name, as one; undefined where neither is there. */
async function namedFiles(options: LoadKubeConfigOptions): Promise<KubeConfigDocument | undefined> {
  const { kubeconfigFlag, readFile } = options
  if (kubeconfigFlag !== undefined) {
    const document = await readDocument(kubeconfigFlag, readFile)
    if (document === undefined) throw badKubeConfig(kubeconfigFlag, '', 'there is no such file')
    return document
  }
  const files = filesOf(options)
  if (files.length === 0) return undefined
  // Files that are not there are passed over, as in client-go.
  const documents = await Promise.all(files.map(file => readDocument(file, readFile)))
  return mergeKubeConfigs(documents.filter(document => document !== undefined))
}

function filesOf(options: LoadKubeConfigOptions): readonly string[] {
  const separator = (options.platform ?? process.platform) === 'win32' ? ';' : ':'
  const files = (options.env['KUBECONFIG'] ?? '').split(separator).filter(file => file !== '')
  return [...new Set(files)]
}

async function readDocument(file: string, readFile: ReadTextFile): Promise<KubeConfigDocument | undefined> {
  let text: string | undefined
  try {
    text = await readIfPresent(readFile, file)
  } catch (error) {
    throw badKubeConfig(file, '', `cannot be read: ${messageOf(error)}`, error)
  }
  return text === undefined ? undefined : parseKubeConfig(file, text)
}

/** The endpoint of a file that nobody named, if it chooses one. */
async function fromFile(
  file: string,
  options: LoadKubeConfigOptions,
  world: UserWorld,
): Promise<KubeEndpoint | undefined> {
  const document = await readDocument(file, options.readFile)
  const context = options.contextFlag ?? document?.currentContext
  if (document === undefined || context === undefined) return undefined
  if (!document.contexts.has(context)) {
    // `--context` may mean one of the next file.
    if (options.contextFlag !== undefined) return undefined
    throw badKubeConfig(file, 'current-context', `context "${context}" does not exist`)
  }
  return endpointOf(document, context, world)
}

/** The context that named files choose. Undefined where they hold nothing at all, which is as if absent. */
function contextOf(document: KubeConfigDocument, options: LoadKubeConfigOptions): string | undefined {
  const context = options.contextFlag ?? document.currentContext
  if (context !== undefined && document.contexts.has(context)) return context
  const place = options.kubeconfigFlag ?? `$KUBECONFIG (${options.env['KUBECONFIG']})`
  const known = [...document.contexts.keys()].map(name => `"${name}"`).join(', ') || 'none'
  if (context !== undefined) {
    throw badKubeConfig(place, '', `context "${context}" does not exist; there are: ${known}`)
  }
  if (document.contexts.size === 0 && options.kubeconfigFlag === undefined) return undefined
  throw badKubeConfig(place, 'current-context', `is required, or --context; there are: ${known}`)
}

function nothingChosen(options: LoadKubeConfigOptions, home: string): KisekiError {
  const { contextFlag, env, fallbackFile } = options
  const looked = env['KUBECONFIG']
    ? `$KUBECONFIG (${env['KUBECONFIG']})`
    : [home, ...(fallbackFile === undefined ? [] : [fallbackFile])].join(' nor ')
  const what = contextFlag === undefined ? 'a context in use' : `a context "${contextFlag}"`
  return new KisekiError('KISEKI_BAD_KUBECONFIG', `there is not ${what} in ${looked}`, {
    remedy: 'Name a file with --kubeconfig or $KUBECONFIG, or start a mesh on this machine with `osm up`.',
  })
}
