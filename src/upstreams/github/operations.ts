import type { FetchOptions } from "../client/answers.ts"

/** Every operation of GitHub's REST API that the service calls: its id in GitHub's OpenAPI, its method and path. */
export const operations = {
  "apps/get-authenticated": "GET /app",
  "apps/create-from-manifest": "POST /app-manifests/{code}/conversions",
  "apps/list-installations": "GET /app/installations",
  "apps/list-repos-accessible-to-installation": "GET /installation/repositories",
  "apps/get-repo-installation": "GET /repos/{owner}/{repo}/installation",
  "apps/create-installation-access-token": "POST /app/installations/{installation_id}/access_tokens",
  "repos/get": "GET /repos/{owner}/{repo}",
  "repos/get-content": "GET /repos/{owner}/{repo}/contents/{path}",
  "repos/get-collaborator-permission-level": "GET /repos/{owner}/{repo}/collaborators/{username}/permission",
  "issues/get-comment": "GET /repos/{owner}/{repo}/issues/comments/{comment_id}",
  "git/get-ref": "GET /repos/{owner}/{repo}/git/ref/{ref}",
  "git/create-ref": "POST /repos/{owner}/{repo}/git/refs",
  "git/update-ref": "PATCH /repos/{owner}/{repo}/git/refs/{ref}",
  "git/get-commit": "GET /repos/{owner}/{repo}/git/commits/{commit_sha}",
  "git/create-tree": "POST /repos/{owner}/{repo}/git/trees",
  "git/create-commit": "POST /repos/{owner}/{repo}/git/commits",
  "pulls/list": "GET /repos/{owner}/{repo}/pulls",
  "pulls/get": "GET /repos/{owner}/{repo}/pulls/{pull_number}",
  "pulls/create": "POST /repos/{owner}/{repo}/pulls",
  "pulls/update": "PATCH /repos/{owner}/{repo}/pulls/{pull_number}",
  "actions/get-workflow": "GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}",
  "actions/create-workflow-dispatch": "POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches",
  "actions/list-workflow-runs": "GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs",
  "actions/list-workflow-runs-for-repo": "GET /repos/{owner}/{repo}/actions/runs",
  "actions/get-workflow-run": "GET /repos/{owner}/{repo}/actions/runs/{run_id}",
  "actions/list-jobs-for-workflow-run": "GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs",
  "checks/list-annotations": "GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations",
  "actions/cancel-workflow-run": "POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel",
  "actions/force-cancel-workflow-run": "POST /repos/{owner}/{repo}/actions/runs/{run_id}/force-cancel",
  "actions/list-workflow-run-artifacts": "GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts",
  "actions/download-artifact": "GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}",
  "actions/list-repo-secrets": "GET /repos/{owner}/{repo}/actions/secrets",
  "actions/list-repo-organization-secrets": "GET /repos/{owner}/{repo}/actions/organization-secrets",
  "rate-limit/get": "GET /rate_limit"
} as const

/** Every webhook of GitHub that the service listens to: its name in GitHub's OpenAPI. */
export const webhooks = [
  "workflow-run-requested",
  "workflow-run-in-progress",
  "workflow-run-completed",
  "pull-request-opened",
  "pull-request-synchronize",
  "pull-request-closed",
  "issue-comment-created",
  "issue-comment-edited"
] as const
export type Webhook = (typeof webhooks)[number]

export type Operation = keyof typeof operations

const mebibyte = 1024 * 1024

/** How the answers differ from the others: GitHub redirects a download to its storage, which is another host. */
export const answerOptions: {
  readonly [Key in Operation]?: Partial<Pick<FetchOptions, "maxBytes" | "redirects">>
} = {
  "actions/download-artifact": { maxBytes: 2 * mebibyte, redirects: "download" },
  // A hundred pull requests, each with a text of up to 256 KiB that anyone may write.
  "pulls/list": { maxBytes: 32 * mebibyte }
}
