/** Reads one value of a row. */
type ReadRow<Value> = (row: number) => Value;

/** An object that shows one row at a time: each property is read from the row when it is asked for. */
interface Cursor {
  row: number;
}

export type CursorClass = new (readers: readonly ReadRow<unknown>[]) => Cursor;

/**
 * A class with a property for each name, which reads by the reader of the same place. One class serves all tables that
 * have the same properties, so that whoever reads them always meets objects of one shape: that is what makes it fast.
 */
export function cursorClass(names: readonly string[], constants: Readonly<Record<string, unknown>> = {}): CursorClass {
  class RowCursor implements Cursor {
    row = 0;
    readonly readers: readonly ReadRow<unknown>[];

    constructor(readers: readonly ReadRow<unknown>[]) {
      this.readers = readers;
    }
  }
  names.forEach((name, index) => {
    Object.defineProperty(RowCursor.prototype, name, {
      enumerable: true,
      get(this: RowCursor) {
        return this.readers[index]?.(this.row);
      },
    });
  });
  for (const [name, value] of Object.entries(constants)) {
    Object.defineProperty(RowCursor.prototype, name, { enumerable: true, value });
  }
  return RowCursor;
}
