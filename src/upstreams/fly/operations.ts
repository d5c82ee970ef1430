/** Every operation of Fly's Machines API in use: its id in Fly's OpenAPI, its method and path. */
export const operations = {
  Apps_list: "GET /apps",
  Apps_create: "POST /apps",
  Apps_show: "GET /apps/{app_name}",
  Machines_list: "GET /apps/{app_name}/machines",
  Machines_create: "POST /apps/{app_name}/machines",
  Machines_show: "GET /apps/{app_name}/machines/{machine_id}",
  Machines_wait: "GET /apps/{app_name}/machines/{machine_id}/wait",
  Machines_stop: "POST /apps/{app_name}/machines/{machine_id}/stop",
  Machines_delete: "DELETE /apps/{app_name}/machines/{machine_id}",
  Secrets_list: "GET /apps/{app_name}/secrets",
  Secrets_update: "POST /apps/{app_name}/secrets",
  Secret_get: "GET /apps/{app_name}/secrets/{secret_name}",
  Secret_delete: "DELETE /apps/{app_name}/secrets/{secret_name}"
} as const

export type Operation = keyof typeof operations
