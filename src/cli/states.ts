/** The names of states that Prefect itself gives. */
export const STATE_NAMES: readonly string[] = [
  "Scheduled",
  "Pending",
  "Running",
  "Completed",
  "Failed",
  "Cancelled",
  "Crashed",
  "Paused",
  "Cancelling",
  "Suspended",
  "AwaitingRetry",
  "Retrying",
  "Late",
];
