/** The table of incidents: its key and the attribute that ends an item's life. */
export const INCIDENT_TABLE = { key: 'incident', ttl: 'expires_at' } as const;

/** The table of idempotency keys, as Powertools keeps it. */
export const IDEMPOTENCY_TABLE = { key: 'id', ttl: 'expiration' } as const;
