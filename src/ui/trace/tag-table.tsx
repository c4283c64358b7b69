import type { ReactElement } from 'react'
import type { JaegerKeyValue } from '../../wire/jaeger-shapes.ts'
import css from './span-details.module.css'

/** Values are shown as text, whatever they hold. */
export function TagTable({ tags }: { readonly tags: readonly JaegerKeyValue[] }): ReactElement {
  return (
    <table className={css['tags']}>
      <tbody>
        {tags.map((tag, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a key may be there twice, and tags never change places
          <tr key={place}>
            <th scope="row">{tag.key}</th>
            <td title={tag.type === 'string' ? undefined : tag.type}>{String(tag.value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
