/** Colours as we write them: weight and one foreground of six. */
const COLOUR = '\u001b\\[(?:1|2|22|3[1-6]|39)m';
const COLOUR_OR_CONTROL = new RegExp(`${COLOUR}|\\p{Cc}`, 'gu');

const spelled = (control: string): string => `\\x${(control.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`;

/** Text of others on one line: what a terminal would obey (C0, DEL and C1) is spelled out as `\x1b`. */
export const visible = (text: string): string => text.replaceAll(/\p{Cc}/gu, spelled);

/** Our own lines with text of others in them: colours, tabs and line ends stay, every other control character is spelled out. */
export const visibleLines = (text: string, colours: boolean): string =>
  text.replaceAll(COLOUR_OR_CONTROL, (found, at: number) => {
    if (found === '\n' || found === '\t' || (found === '\r' && text[at + 1] === '\n')) return found;
    if (found.length === 1) return spelled(found);
    return colours ? found : spelled('\u001b') + found.slice(1);
  });

/** JSON with DEL and C1 escaped too, which it leaves as they are; the values are the same. */
export const visibleJson = (text: string): string =>
  text.replaceAll(/[\u007f-\u009f]/g, (control) => `\\u00${control.charCodeAt(0).toString(16)}`);
