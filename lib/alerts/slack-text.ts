const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * Text as Slack must get it, at most `limit` characters once escaped: `<!channel>` in a value calls nobody, and a cut never
 * splits an entity or a character.
 */
export function escaped(text: string, limit: number): string {
  let out = '';
  for (const character of text) {
    const next = ESCAPED[character] ?? character;
    if (out.length + next.length > limit - 1) return `${out}…`;
    out += next;
  }
  return out;
}

/** Lines as a block of code: nothing in them is read as a mark-up. Lines that do not fit are left out, and counted. */
export const codeBlock = (lines: readonly string[], limit: number): string =>
  `\`\`\`${listed(
    lines.map((line) => line.replaceAll('`', 'ˋ')),
    limit - 6,
  )}\`\`\``;

/** Lines that fit into `limit` characters; the rest is counted. A line alone is cut before it is left out. */
export function listed(lines: readonly string[], limit: number): string {
  const more = (count: number) => `… and ${count} more`;
  const room = limit - more(lines.length).length - 1;
  const kept: string[] = [];
  let length = 0;
  for (const line of lines) {
    const next = escaped(line, Math.max(2, Math.min(600, room)));
    if (length + next.length + 1 > room) break;
    kept.push(next);
    length += next.length + 1;
  }
  if (kept.length < lines.length) kept.push(more(lines.length - kept.length));
  return kept.join('\n');
}
