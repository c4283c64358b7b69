import { ADMISSIONREGISTRATION } from './admissionregistration.ts'
import { APIEXTENSIONS } from './apiextensions.ts'
import { APPS } from './apps.ts'
import { AUTHENTICATION } from './authentication.ts'
import { AUTHORIZATION } from './authorization.ts'
import { AUTOSCALING } from './autoscaling.ts'
import { BATCH } from './batch.ts'
import { COORDINATION } from './coordination.ts'
import { CORE } from './core.ts'
import { DISCOVERY } from './discovery.ts'
import { EVENTS } from './events.ts'
import type { Message } from './message.ts'
import { ANY_GROUP_KINDS, groupTexts, kindsOf, type MessageGroup, parseMessage } from './message-text.ts'
import { META } from './meta.ts'
import { NETWORKING } from './networking.ts'
import { POLICY } from './policy.ts'
import { RBAC } from './rbac.ts'

/** By the short names that texts of messages use. */
const GROUPS: ReadonlyMap<string, MessageGroup> = new Map([
  ['admissionregistration', ADMISSIONREGISTRATION],
  ['apiextensions', APIEXTENSIONS],
  ['apps', APPS],
  ['authentication', AUTHENTICATION],
  ['authorization', AUTHORIZATION],
  ['autoscaling', AUTOSCALING],
  ['batch', BATCH],
  ['coordination', COORDINATION],
  ['core', CORE],
  ['discovery', DISCOVERY],
  ['events', EVENTS],
  ['meta', META],
  ['networking', NETWORKING],
  ['policy', POLICY],
  ['rbac', RBAC],
])

export interface KindName {
  /** `v1`, `apps/v1` */
  readonly apiVersion: string
  readonly kind: string
}

export interface BuiltInKind {
  /** Empty: core. */
  readonly group: string
  readonly version: string
  readonly kind: string
  /** Of `messageNamed`. */
  readonly message: string
}

/** Every kind of which the fields are known, list kinds among them. */
export const BUILT_IN_KINDS: readonly BuiltInKind[] = [...GROUPS].flatMap(([prefix, group]) =>
  kindsOf(group).map(kind => ({
    group: group.group,
    version: group.version,
    kind,
    message: `${prefix}.${kind}`,
  })),
)

const MESSAGE_OF_KIND: ReadonlyMap<string, string> = new Map(
  BUILT_IN_KINDS.map(({ group, version, kind, message }) => [
    kindKey({ apiVersion: group === '' ? version : `${group}/${version}`, kind }),
    message,
  ]),
)

/** The options of a request are kinds of every group and version, as kube-apiserver registers them. */
export function messageOfKind(name: KindName): Message | undefined {
  const known = MESSAGE_OF_KIND.get(kindKey(name))
  if (known !== undefined) return messageNamed(known)
  return ANY_GROUP_KINDS.has(name.kind) ? messageNamed(`meta.${name.kind}`) : undefined
}

function kindKey({ apiVersion, kind }: KindName): string {
  return `${apiVersion} ${kind}`
}

let texts: ReadonlyMap<string, () => Message> | undefined
const parsed = new Map<string, Message>()

/** `core.PodSpec`. Throws when there is none: names come from the tables. */
export function messageNamed(name: string): Message {
  const before = parsed.get(name)
  if (before !== undefined) return before
  texts ??= allTexts()
  const parse = texts.get(name)
  if (parse === undefined) throw new Error(`no message ${name}`)
  const message = parse()
  parsed.set(name, message)
  return message
}

/** The names of all messages. */
export function messageNames(): readonly string[] {
  texts ??= allTexts()
  return [...texts.keys()]
}

function allTexts(): ReadonlyMap<string, () => Message> {
  return new Map(
    [...GROUPS].flatMap(([prefix, group]) =>
      groupTexts(group).map(
        ([name, text]) => [`${prefix}.${name}`, () => parseMessage(text, name, prefix, group)] as const,
      ),
    ),
  )
}
