/** What we use of WebAssembly: TypeScript has it in the library of browsers only. */
declare namespace WebAssembly {
  class Global {
    readonly value: number | bigint;
  }
  class Memory {
    constructor(size: { readonly initial: number; readonly maximum: number });
    readonly buffer: ArrayBuffer;
  }
  class Module {
    constructor(code: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>);
    readonly exports: Readonly<Record<string, unknown>>;
  }
  /** A trap: an instruction that cannot be carried out. */
  class RuntimeError extends Error {}
  function validate(code: Uint8Array): boolean;
}
