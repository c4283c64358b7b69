/**
 * `$(NAME)` becomes the variable's value, `$$` a dollar sign; names that are not known stay as they are
 * (kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables).
 */
export function expandVariables(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(/\$\$|\$\(([^()$]+)\)/g, (whole, name: string | undefined) =>
    name === undefined ? '$' : (variables.get(name) ?? whole),
  )
}
