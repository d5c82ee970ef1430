const policy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'"
].join("; ")

const always = {
  "content-security-policy": policy,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer"
}

const year = 31_536_000

const caching = (path: string, status: number) =>
  path.startsWith("/admin/assets/") && (status === 200 || status === 206 || status === 304)
    ? `public, max-age=${year}, immutable`
    : path.startsWith("/admin")
      ? "no-cache"
      : "no-store"

/** The headers that every answer gets. */
export const headersFor = (path: string, status: number, secure: boolean) => ({
  ...always,
  "cache-control": caching(path, status),
  ...(secure ? { "strict-transport-security": `max-age=${year}` } : {})
})
