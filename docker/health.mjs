// Is the console ready? Exit code 0 or 1, for the container's health check. HAIDANG_CONSOLE_PORT is the port, default 8080.
const answer = await fetch(`http://127.0.0.1:${process.env.HAIDANG_CONSOLE_PORT ?? 8080}/healthz`).catch(() => undefined);
process.exit(answer?.ok === true ? 0 : 1);
