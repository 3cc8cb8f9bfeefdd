// Is the service ready? Exit code 0 or 1, for the container's health check. HAIDANG_HEALTH_PORT is the port of a collector or a detector,
// HAIDANG_CONSOLE_PORT the console's, default 8080.
const { HAIDANG_HEALTH_PORT, HAIDANG_CONSOLE_PORT } = process.env;
const answer = await fetch(`http://127.0.0.1:${HAIDANG_HEALTH_PORT ?? HAIDANG_CONSOLE_PORT ?? 8080}/healthz`).catch(() => undefined);
process.exit(answer?.ok === true ? 0 : 1);
