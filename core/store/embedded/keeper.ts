// Sealing, compaction, retention.
export class Keeper {
  async sealAll(): Promise<void> { await Promise.resolve(); }
  async dropDay(_tier: number, _day: string): Promise<{ readonly events: number }> { return { events: 0 }; }
  async dropSystems(_systems: readonly string[]): Promise<{ readonly events: number }> { return { events: 0 }; }
  async keep(_retentionDays: Readonly<Record<number, number>>, _now: number): Promise<{ readonly dropped: readonly { readonly tier: number; readonly day: string; readonly events: number }[] }> { return { dropped: [] }; }
  async close(): Promise<void> { await Promise.resolve(); }
}
