import type { App, Installation, Token } from "../Auth.ts"
import type { Converted } from "../Manifests.ts"
import { repository } from "./repository.ts"
import { time } from "./time.ts"
import { user } from "./user.ts"

export const app = (base: string, value: App) => ({
  id: value.appId,
  slug: value.slug,
  node_id: `A_${value.appId}`,
  owner: user(base, "local"),
  name: value.slug,
  description: null,
  external_url: base,
  html_url: `${base}/apps/${value.slug}`,
  created_at: time(value.createdAt),
  updated_at: time(value.createdAt),
  permissions: value.permissions,
  events: [],
  installations_count: 1
})

export const conversion = (base: string, { app: created, pem, webhookSecret }: Converted) => ({
  ...app(base, created),
  client_id: `Iv1.${created.appId}`,
  client_secret: "a-client-secret",
  webhook_secret: webhookSecret,
  pem
})

export const installation = (base: string, value: Installation) => ({
  id: value.id,
  account: user(base, value.owner),
  repository_selection: "selected",
  access_tokens_url: `${base}/app/installations/${value.id}/access_tokens`,
  repositories_url: `${base}/installation/repositories`,
  html_url: `${base}/organizations/${value.owner}/settings/installations/${value.id}`,
  app_id: value.app.appId,
  app_slug: value.app.slug,
  target_id: user(base, value.owner).id,
  target_type: "Organization",
  permissions: value.app.permissions,
  events: [],
  created_at: time(value.app.createdAt),
  updated_at: time(value.app.createdAt),
  single_file_name: null,
  suspended_by: null,
  suspended_at: null
})

export const token = (base: string, value: Token) => ({
  token: value.value,
  expires_at: time(value.expiresAt),
  permissions: value.permissions,
  repository_selection: "selected",
  ...(value.selected ? { repositories: value.repositories.map((one) => repository(base, one)) } : {})
})
