import type { Machine } from "./State.ts"

const lookUp = (secrets: ReadonlyMap<string, string>, names: ReadonlyArray<readonly [string, string]>) =>
  Object.fromEntries(
    names.flatMap(([variable, name]) => {
      const value = secrets.get(name)
      return value === undefined ? [] : [[variable, value]]
    })
  )

/** What the first process of a machine sees. Fly gives every app secret to it, unless it ignores them and lists its own. */
export const environmentOf = ({ app, config, id, name, privateIp, region, secrets }: Machine) => {
  const [process] = config.processes ?? []
  return {
    ...config.env,
    ...process?.env,
    ...(process?.ignore_app_secrets !== true && Object.fromEntries(secrets)),
    ...lookUp(
      secrets,
      (process?.secrets ?? []).map((listed) => [listed.env_var, listed.name ?? listed.env_var])
    ),
    FLY_APP_NAME: app.name,
    FLY_MACHINE_ID: id,
    FLY_ALLOC_ID: id,
    FLY_MACHINE_NAME: name,
    FLY_REGION: region,
    FLY_PRIVATE_IP: privateIp,
    FLY_IMAGE_REF: config.image,
    FLY_VM_MEMORY_MB: String(config.guest?.memory_mb ?? 256)
  } satisfies Record<string, string>
}
