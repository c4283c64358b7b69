import type { ReactElement } from 'react'
import type { JaegerKeyValue } from '../../wire/jaeger-shapes.ts'
import { Breakable } from '../parts/breakable.tsx'
import css from './span-details.module.css'
import { TagValue } from './tag-value.tsx'

export function TagTable({ tags }: { readonly tags: readonly JaegerKeyValue[] }): ReactElement {
  return (
    <table className={css['tags']}>
      <tbody>
        {tags.map((tag, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a key may be there twice, and tags never change places
          <tr key={place}>
            <th scope="row">
              <Breakable text={tag.key} />
            </th>
            <td title={tag.type === 'string' ? undefined : tag.type}>
              <TagValue value={String(tag.value)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
