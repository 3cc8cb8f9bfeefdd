// A real Chromium from its npm package: nothing needs to be installed on the machine.
import chromium from '@sparticuz/chromium';
import { chromium as driver, type Browser, type Page } from 'playwright-core';

// The package's own list runs everything in one process, which ends with the first page that is closed, and switches web security off.
const ARGS = ['--headless=shell', '--no-sandbox', '--no-zygote', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--font-render-hinting=none'];

export async function openBrowser(): Promise<Browser> {
  return driver.launch({ args: ARGS, executablePath: await chromium.executablePath(), headless: true });
}

/** A page of its own session; what its console reports as an error is collected. */
export async function openPage(browser: Browser, url: string, size = { width: 1366, height: 768 }): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext({ viewport: size, acceptDownloads: true, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh' });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => { if (message.type() === 'error' && !/status of (401|404|409)/.test(message.text())) errors.push(message.text()); });
  await page.goto(url);
  return { page, errors };
}

export async function signIn(page: Page, username: string, password: string): Promise<void> {
  await page.getByTestId('signin-username').fill(username);
  await page.getByTestId('signin-password').fill(password);
  await page.getByTestId('signin-submit').click();
  await page.getByTestId('signin-submit').waitFor({ state: 'detached' });
}
