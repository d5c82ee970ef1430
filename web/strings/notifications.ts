export const words = {
  notifications: "Notifications",
  pendingNotifications: (count: number) => `${count} not sent yet`,
  setAside: (count: number) => `${count} set aside after too many attempts`
} as const
