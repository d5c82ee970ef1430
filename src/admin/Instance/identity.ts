/** How a service recognises its own database; null where that is not possible. */
export interface Identity {
  readonly publicUrl: string | null
  readonly database: string | null
}

const differs = (known: string | null, present: string | null) =>
  known !== null && present !== null && known !== present

/** Why this may be a copy or a restored backup of another service's database; null without a sign of it. */
export const unfamiliar = (known: Identity, present: Identity): string | null => {
  const signs = [
    ...(differs(known.database, present.database)
      ? ["This database is a copy, or was restored from a backup."]
      : []),
    ...(differs(known.publicUrl, present.publicUrl)
      ? [`This database was last used at ${known.publicUrl}, and now at ${present.publicUrl}.`]
      : [])
  ]
  return signs.length === 0
    ? null
    : `${signs.join(" ")} Make sure that no other service works on the same issues, then resume to confirm.`
}
