import * as DateTime from "effect/DateTime"
import type { App, Machine, Secret } from "./State.ts"

const time = (millis: number) => DateTime.formatIso(DateTime.makeUnsafe(millis)).replace(/\.\d+Z$/, "Z")

const imageOf = (image: string) => {
  const [name = "", digest = ""] = image.split("@")
  const slash = name.lastIndexOf("/")
  const colon = name.indexOf(":", slash)
  const path = colon === -1 ? name : name.slice(0, colon)
  const [host = "", ...rest] = path.split("/")
  const registry = rest.length > 0 && /[.:]/.test(host) ? host : "registry-1.docker.io"
  return {
    registry,
    repository: registry === host ? rest.join("/") : path,
    tag: colon === -1 ? "" : name.slice(colon + 1),
    digest
  }
}

export const renderMachine = (machine: Machine, summary = false) => {
  const { config, events, given, id, instanceId, name, privateIp, region, state, updatedAt } = machine
  const unreachable = machine.unreachable === true
  const createdAt = unreachable ? 0 : machine.createdAt
  return {
    id,
    name,
    state,
    region,
    instance_id: instanceId,
    private_ip: privateIp,
    created_at: time(createdAt),
    updated_at: time(updatedAt),
    image_ref: imageOf(config.image),
    ...(!summary && {
      ...(!unreachable && { config: given }),
      events,
      host_status: unreachable ? "unreachable" : "ok"
    })
  }
}

export const renderSecret = ({ createdAt, digest, name, updatedAt, value }: Secret, shown: boolean) => ({
  name,
  digest,
  created_at: time(createdAt),
  updated_at: time(updatedAt),
  ...(shown && { value })
})

export const renderApp = ({ id, name, number, organization }: App, machines: number) => ({
  id,
  internal_numeric_id: number,
  name,
  organization: { internal_numeric_id: 1, name: organization, slug: organization },
  status: machines === 0 ? "pending" : "deployed",
  machine_count: machines,
  volume_count: 0,
  network: "default"
})
