import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** How long a secret is kept: a rotated one is known soon after. */
const KEEP_MS = 300_000;

/** Secrets by name, fetched when needed and kept for minutes. */
export class Secrets {
  readonly #client: SecretsManagerClient;
  readonly #known = new Map<string, { readonly text: string; readonly until: number }>();

  constructor(client: SecretsManagerClient) {
    this.#client = client;
  }

  /** The text of a secret. @throws Error when it is empty or binary. */
  async text(name: string): Promise<string> {
    const known = this.#known.get(name);
    if (known && known.until > Date.now()) return known.text;
    const { SecretString } = await this.#client.send(new GetSecretValueCommand({ SecretId: name }));
    const text = SecretString?.trim();
    if (!text) throw new Error(`secret ${name} is empty; put its value there as plain text`);
    this.#known.set(name, { text, until: Date.now() + KEEP_MS });
    return text;
  }

  /** Forgets a secret, so that the next use fetches it: it may have been rotated. */
  forget(name: string): void {
    this.#known.delete(name);
  }
}
