/** What a request proves its sender by. */
export interface KubeCredentials {
  /** `authorization`, `impersonate-user` … */
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  /** PEM; both or none. */
  readonly cert?: string
  readonly key?: string
}

export interface CredentialOptions {
  /** The server refused the last ones (401): what is cached is read or asked for again. */
  readonly renew?: boolean
}

/** Where a Kubernetes API is, and how to be let in. */
export interface KubeEndpoint {
  /** `https://host:6443`, or with a path before `/api`: `https://rancher/k8s/clusters/c-1`. No query, no user. */
  readonly server: URL
  /** PEM. Absent: the authorities that this system trusts. */
  readonly ca?: string
  /** The name that the certificate must have, where it is not that of the URL. */
  readonly serverName?: string
  /** The certificate is not looked at. */
  readonly insecure: boolean
  /** Where objects are that name no namespace. */
  readonly namespace: string
  /** Where this was read, as people see it in errors: `context "kind" of /home/me/.kube/config`. */
  readonly source: string
  /** Asked for before each request; cached where that is allowed. Fails with `KISEKI_BAD_KUBECONFIG`. */
  credentials(options?: CredentialOptions): Promise<KubeCredentials>
}
