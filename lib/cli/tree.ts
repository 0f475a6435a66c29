/** How a graph is drawn as a tree. */
export interface TreeOf {
  readonly children: (name: string) => readonly string[];
  /** A name with its facts. */
  readonly label: (name: string) => string;
}

/**
 * A graph as an indented tree, one line a vertex. What occurs again is named again, its own branches are not drawn twice:
 * a tree of all paths would grow exponentially.
 */
export function drawTree(names: readonly string[], { children, label }: TreeOf, prefix = ''): string[] {
  const drawn = new Set<string>();
  const branch = (siblings: readonly string[], indent: string): string[] =>
    siblings.flatMap((name, index) => {
      const last = index === siblings.length - 1;
      const below = children(name);
      const again = drawn.has(name) && below.length > 0;
      drawn.add(name);
      const line = `${indent}${last ? '└─ ' : '├─ '}${label(name)}${again ? ' (as above)' : ''}`;
      return [line, ...(again ? [] : branch(below, `${indent}${last ? '   ' : '│  '}`))];
    });
  return branch(names, prefix);
}
