import { isIP } from "node:net"
import { isPublicIp } from "../../upstreams/client/download.ts"

const isLocal = (url: string) => {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "")
  return isIP(host) === 0 ? /^localhost$|\.(?:local|localhost|internal)$/.test(host) : !isPublicIp(host)
}

export interface ManifestFacts {
  readonly name: string
  readonly publicUrl: string | null
  /** Where the browser has the admin. */
  readonly origin: string
  readonly githubWeb: string
}

/** The App that GitHub creates. GitHub refuses a webhook that it cannot reach, and events without a webhook. */
export const manifestOf = ({ githubWeb, name, origin, publicUrl }: ManifestFacts) => {
  const hook = publicUrl !== null && (!isLocal(publicUrl) || isLocal(githubWeb))
  return {
    name,
    url: publicUrl ?? origin,
    description: "Turns issues of Linear into pull requests.",
    public: false,
    redirect_url: `${origin}/admin/setup/github`,
    setup_url: `${origin}/admin/setup`,
    ...(hook && { hook_attributes: { url: `${publicUrl}/webhooks/github`, active: true } }),
    default_permissions: {
      actions: "write",
      checks: "read",
      contents: "write",
      issues: "read",
      metadata: "read",
      pull_requests: "write",
      secrets: "read",
      workflows: "write"
    },
    ...(hook && { default_events: ["issue_comment", "pull_request", "workflow_run"] })
  }
}

/** The page of GitHub that takes the manifest. */
export const newAppPage = (githubWeb: string, organization: string | null, state: string) =>
  `${githubWeb}${organization === null ? "" : `/organizations/${organization}`}/settings/apps/new?state=${state}`
