/** Where an exchange stands; decides which timeout counts. */
export const Phase = {
  /** The request is being read, and held if the route says so. */
  holding: 0,
  /** A connection to the endpoint is being made or waited for. */
  connecting: 1,
  /** The request goes up; the head of the response is awaited. */
  sending: 2,
  /** The response goes down. */
  responding: 3,
  done: 4,
} as const;
