/** Lets pods speak to the API as their ServiceAccount. */
export interface ServiceAccounts {
  /** A token for the account, bound to the pod. */
  readonly issueToken: (
    account: { readonly namespace: string; readonly name: string; readonly uid: string },
    pod: { readonly name: string; readonly uid: string },
  ) => Promise<string>
  /** Of the authority that the API's certificate is checked against. */
  readonly caPem: string
  /** Where the API listens. */
  readonly server: { readonly host: string; readonly port: number }
}

/** Where containers find token, authority and namespace (kubernetes.io/docs/tasks/run-application/access-api-from-pod). */
export const ACCOUNT_MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount'
/** In every namespace: `ca.crt`. */
export const ROOT_CA_CONFIG_MAP = 'kube-root-ca.crt'
