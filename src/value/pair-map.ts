/** A map whose keys are pairs: a text made of both for every look would cost more than the look. */
export class PairMap<First, Second, Value> {
  private readonly maps = new Map<First, Map<Second, Value>>();

  get(first: First, second: Second): Value | undefined {
    return this.maps.get(first)?.get(second);
  }

  set(first: First, second: Second, value: Value): void {
    const known = this.maps.get(first);
    if (known) known.set(second, value);
    else this.maps.set(first, new Map([[second, value]]));
  }

  /** The value of a pair, made where there is none yet. */
  at(first: First, second: Second, make: () => Value): Value {
    const known = this.get(first, second);
    if (known !== undefined) return known;
    const made = make();
    this.set(first, second, made);
    return made;
  }

  *values(): Generator<Value> {
    for (const map of this.maps.values()) yield* map.values();
  }
}
