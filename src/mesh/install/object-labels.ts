import type { InstallValues } from './install-values.ts'

type Labels = Readonly<Record<string, string>>

/** Of the controller's Deployment: the name of the mesh, by which a mesh is found. */
export const MESH_NAME_LABEL = 'meshName'
/** Of the controller's Deployment: `true` where no other mesh may be beside it. */
export const SINGLE_MESH_LABEL = 'enforceSingleMesh'
export const VERSION_LABEL = 'app.kubernetes.io/version'
const INSTANCE_LABEL = 'app.kubernetes.io/instance'

/** On everything that an installation creates; what has these two belongs to the mesh. */
export function commonLabels({ meshName }: { readonly meshName: string }): Labels {
  return { 'app.kubernetes.io/name': 'openservicemesh.io', [INSTANCE_LABEL]: meshName }
}

/** On the parts of the control plane, beside the common ones. */
export function componentLabels(values: InstallValues, app: string): Labels {
  const version = values.version === '' ? {} : { [VERSION_LABEL]: values.version }
  return { app, ...commonLabels(values), ...version, 'app.kubernetes.io/component': app }
}
