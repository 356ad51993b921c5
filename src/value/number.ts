/** The number that a text is as JavaScript reads it; NaN for none, and for a text of nothing but blanks. */
export const readNumber = (text: string | undefined): number =>
  text === undefined || text.trim() === '' ? Number.NaN : Number(text);
