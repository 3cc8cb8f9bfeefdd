// How far a replay has come, on standard error: once a second on a terminal (one line, rewritten), every ten seconds elsewhere.

export interface Progress { count(bytes: number): void; end(): void }

export function showProgress(what: string, write: (text: string) => void = (text) => { process.stderr.write(text); }, terminal = process.stderr.isTTY): Progress {
  const started = performance.now();
  let lines = 0, bytes = 0, drawn = false;
  const words = (): string => {
    const elapsed = (performance.now() - started) / 1000;
    return `${lines} lines, ${(bytes / 1_048_576).toFixed(1)} MB ${what}, ${elapsed.toFixed(1)} s, ${Math.round(lines / Math.max(elapsed, 0.001))} lines/s`;
  };
  const timer = setInterval(() => {
    write(terminal ? `\r\x1b[K${words()}` : `${words()}\n`);
    drawn = terminal;
  }, terminal ? 1000 : 10_000);
  timer.unref();
  return {
    count(length) { lines++; bytes += length; },
    end() { clearInterval(timer); write(`${drawn ? '\r\x1b[K' : ''}sent ${words()}\n`); },
  };
}
