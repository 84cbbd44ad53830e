// Opens pages in Chromium as their readers do, and prints what was seen as one JSON object.
//
// The folder with the packages is the first argument, the folder with the pages the second: fleet.html, hostile.html,
// large.html and invalid.html. Chromium unpacks itself into TMPDIR, which must be this run's own.

import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [packages, folder] = process.argv.slice(2);
const require = createRequire(path.join(path.resolve(packages), "package.json"));
const { chromium: driver } = require("playwright-core");
const { default: chromium } = await import(pathToFileURL(require.resolve("@sparticuz/chromium")));
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const browser = await driver.launch({ executablePath: await chromium.executablePath() });
const seen = { console: [], requests: [] };

async function open(name, options = {}) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  page.setDefaultTimeout(5000);
  page.on("console", (message) => seen.console.push(`${name}: ${message.text()}`));
  page.on("pageerror", (error) => seen.console.push(`${name}: ${error}`));
  page.on("dialog", (dialog) => { seen.console.push(`${name}: a dialog`); dialog.dismiss(); });
  page.on("request", (request) => { if (!request.url().startsWith("file://")) seen.requests.push(request.url()); });
  // No page leads anywhere: what is asked for is noted, and an answer without a page keeps the one that is open.
  await page.route(/^https?:/, (route) => route.fulfill({ status: 204 }));
  await page.goto(pathToFileURL(path.join(folder, name)).href);
  return page;
}

const shown = (page) => page.locator("#rows>.row:not([hidden])").count();
const opened = (page) => page.locator("#rows>details[open]").count();

/** What axe finds wrong with the page, everything open, in both schemes. */
async function accessibility(page) {
  const found = [];
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => axe.run());
    found.push(...violations.map((one) => `${colorScheme} ${one.id}: ${one.nodes[0].html} ${one.nodes[0].failureSummary}`));
  }
  return found;
}

async function fleet() {
  const page = await open("fleet.html");
  const home = page.url();
  const of = { rows: await shown(page), opened: await opened(page) };
  const filter = page.locator("#q");
  const found = async (text) => {
    await filter.fill(text);
    return [await shown(page), await page.locator("#bar output").textContent()];
  };
  of.by_name = await found("pool-03");
  of.by_setting = await found("policies.passwordpolicy.minimumlength");
  of.by_code = await found("trigger-removal");
  of.by_nothing = await found("no such text");
  await filter.press("Escape");
  of.cleared = await shown(page);
  await page.locator("#bar select").first().selectOption("blocked");
  of.blocked = await shown(page);
  await page.locator("#bar select").first().selectOption("");
  await page.locator("#counts button", { hasText: "unchanged" }).click();
  of.by_count = await shown(page);
  await page.locator("#counts button", { hasText: "unchanged" }).click();
  await page.getByRole("button", { name: "Open all" }).click();
  of.all_open = await opened(page);
  of.axe = await accessibility(page);
  await page.getByRole("button", { name: "Close all" }).click();
  of.all_closed = await opened(page);

  // The keyboard alone.
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("/");
  of.slash = await page.evaluate(() => document.activeElement.id);
  await page.keyboard.type("pool-04");
  const focused = () => page.evaluate(() => document.activeElement.tagName);
  for (let step = 0; step < 12 && (await focused()) !== "SUMMARY"; step += 1) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  of.by_keyboard = [await focused(), await opened(page), await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle)];
  await page.keyboard.press("Tab");
  of.place = await page.evaluate(() => [document.activeElement.tagName, document.activeElement.href]);
  of.line = await page.locator("details[open] li a.p").first().getAttribute("href");
  const asked = page.waitForRequest(/^https:/);
  await page.keyboard.press("Enter");
  of.followed = (await asked).url();
  seen.requests.length = 0;

  // A link to a pool opens it.
  await page.goto(`${home}#pool-eu-west-1_pool05`);
  of.linked = await page.evaluate(() => document.getElementById("pool-eu-west-1_pool05").open);
  of.dark = [];
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    of.dark.push(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
  }
  of.narrow = [];
  for (const width of [320, 1600]) {
    await page.setViewportSize({ width, height: 800 });
    of.narrow.push(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  }
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  of.printed = [await page.locator("#bar").isVisible(), await page.locator("#rows>details:not([data-status=unchanged]):not([open])").count()];
  await page.close();
  return of;
}

/** Without scripts, everything is there to be read. */
async function plain() {
  const page = await open("fleet.html", { javaScriptEnabled: false });
  const summary = page.locator("summary").first();
  await summary.click();
  const of = { bar: await page.locator("#bar").isVisible(), text: await page.locator("#rows>details[open] li code").first().isVisible() };
  await page.close();
  return of;
}

/** Which elements a page has, and which attributes. */
async function elements(name) {
  const page = await open(name);
  const of = await page.evaluate(() => {
    const names = new Set();
    for (const node of document.querySelectorAll("*")) {
      names.add(node.localName);
      for (const { name, value } of node.attributes) names.add(name === "href" ? `href ${value.replace(/(.).*/s, "$1")}` : `@${name}`);
    }
    return [...names].sort();
  });
  const scripts = await page.locator("script").count();
  const axe = await accessibility(page);
  await page.close();
  return { of, scripts, axe };
}

async function large() {
  const page = await open("large.html");
  const times = await page.evaluate(() => {
    const [entry] = performance.getEntriesByType("navigation");
    return { interactive: entry.domInteractive, loaded: entry.loadEventEnd };
  });
  const start = Date.now();
  await page.locator("#q").fill("pool-17");
  const rows = await shown(page);
  const filtered = Date.now() - start;
  await page.close();
  return { ...times, filtered, rows };
}

try {
  seen.fleet = await fleet();
  seen.plain = await plain();
  seen.hostile = await elements("hostile.html");
  seen.invalid = await elements("invalid.html");
  seen.large = await large();
  console.log(JSON.stringify(seen));
} finally {
  await browser.close();
}
