const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'"
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

export const securityHeaders = (path: string, status: number, tls: boolean) => ({
  "content-security-policy": contentSecurityPolicy,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": permissionsPolicy,
  "cache-control": cacheControl(path, status),
  ...(tls ? { "strict-transport-security": `max-age=${yearInSeconds}` } : {})
})
