import { apiVersionOf } from '../../kube/resources.ts'
import type { JsonObject } from '../../model/json.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import type { ApiResource } from '../registry/api-resource.ts'
import { builtInColumns } from '../table/built-in-columns.ts'
import { customColumns } from '../table/custom-columns.ts'
import { tableOf } from '../table/table.ts'
import type { AcceptedForm } from './accepted-form.ts'

export interface FormOptions {
  readonly resource: ApiResource
  readonly form: AcceptedForm
  /** Of a table: what each row brings along beside its cells. */
  readonly includeObject: 'Metadata' | 'Object' | 'None'
  readonly nowMicros: number
}

/** One object, as a client wants to have it. */
export function objectInForm(object: KubeObject, options: FormOptions, head = true): unknown {
  if (options.form.as === 'metadata') return metadataOf(object)
  if (options.form.as === 'table') return table([object], options, { head })
  return object
}

export function listInForm(
  objects: readonly KubeObject[],
  resourceVersion: string,
  options: FormOptions,
): unknown {
  const { resource, form } = options
  if (form.as === 'table') return table(objects, options, { head: true, resourceVersion })
  const metadata = { resourceVersion }
  if (form.as === 'metadata') {
    const items = objects.map(metadataOf)
    return { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata, items }
  }
  return { kind: `${resource.kind}List`, apiVersion: apiVersionOf(resource), metadata, items: objects }
}

function metadataOf({ metadata }: KubeObject): object {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata }
}

function table(
  objects: readonly KubeObject[],
  { resource, includeObject, nowMicros }: FormOptions,
  { head, resourceVersion }: { readonly head: boolean; readonly resourceVersion?: string },
): JsonObject {
  const { custom, group, kind } = resource
  return tableOf({
    objects,
    columns: custom === undefined ? builtInColumns(group, kind) : customColumns(custom.printerColumns),
    now: nowMicros,
    includeObject,
    withColumnDefinitions: head,
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  })
}
