const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A GUID in one spelling: small letters, no braces; undefined for what is none, and for nothing but zeros. */
export function readGuid(text: string | undefined): string | undefined {
  const bare = text?.replace(/^\{|\}$/g, '').toLowerCase();
  return bare !== undefined && GUID.test(bare) && /[1-9a-f]/.test(bare) ? bare : undefined;
}
