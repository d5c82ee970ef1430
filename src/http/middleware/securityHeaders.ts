const contentSecurityPolicy = (formTargets: string) =>
  [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    `form-action 'self'${formTargets}`
  ].join("; ")

const permissionsPolicy = ["camera", "display-capture", "geolocation", "microphone", "payment", "usb"]
  .map((feature) => `${feature}=()`)
  .join(", ")

const yearInSeconds = 31_536_000

const cacheControl = (path: string, status: number) =>
  path.startsWith("/admin/assets/") && (status === 200 || status === 206 || status === 304)
    ? `public, max-age=${yearInSeconds}, immutable`
    : path.startsWith("/admin")
      ? "no-cache"
      : "no-store"

const isSetup = (path: string) => /^\/admin\/setup(?:\/|$)/.test(path)

/** `github`: the address of its pages; only the page of the set-up may post a form there. */
export const securityHeaders = (
  path: string,
  status: number,
  { github, tls }: { readonly github: string; readonly tls: boolean }
) => ({
  "content-security-policy": contentSecurityPolicy(isSetup(path) ? ` ${github}` : ""),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": permissionsPolicy,
  "cache-control": cacheControl(path, status),
  ...(tls ? { "strict-transport-security": `max-age=${yearInSeconds}` } : {})
})
