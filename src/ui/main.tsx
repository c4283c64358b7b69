import './tokens.css'
import './base.css'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createQueryClient } from '../client/query-client.ts'
import { App } from './app.tsx'
import { Environment } from './environment.ts'
import { applyStoredTheme } from './frame/theme.ts'
import { QUERY_DEFAULTS } from './query-defaults.ts'

applyStoredTheme()

const queries = new QueryClient(QUERY_DEFAULTS)
const environment = {
  client: createQueryClient({ baseUrl: document.baseURI }),
  basePath: new URL(document.baseURI).pathname.replace(/\/[^/]*$/, ''),
}

const root = document.getElementById('root')
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <Environment value={environment}>
          <App />
        </Environment>
      </QueryClientProvider>
    </StrictMode>,
  )
}
