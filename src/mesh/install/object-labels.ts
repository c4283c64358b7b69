/** On everything that an installation creates. */
export function commonLabels({ meshName }: { readonly meshName: string }): Readonly<Record<string, string>> {
  return { 'app.kubernetes.io/name': 'openservicemesh.io', 'app.kubernetes.io/instance': meshName }
}
