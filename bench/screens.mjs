// How the screens do at a sixth of the CPU: Lighthouse, and the time until a kept field is seen.
// Runs under `./run --staged`, which says where the server and the engine are.
import lighthouse from 'lighthouse';
import puppeteer from 'puppeteer-core';
import { Stage } from '../ui/e2e/stage.ts';
import { figure, median } from './figure.mjs';

const SLOWER = 6;
const TIMES = 10;
/** Lighthouse's scores differ from run to run: the middle one is kept. */
const RUNS = 3;
/** The pause after the last key that the screens wait for, and that is part of the time. */
const PAUSE_MS = 400;
const CATEGORIES = { performance: '>= 0.95', accessibility: '= 1', 'best-practices': '= 1' };

async function ask(stage, command, args) {
  let response = await fetch(`${stage.address}/call`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ command, args }),
  });
  if (!response.ok) throw new Error(`${command}: ${await response.text()}`);
  return response.json();
}

/** A draft on the step of the names. */
async function startDraft(stage) {
  let { draft } = await ask(stage, 'start_draft', {});
  let { version } = await ask(stage, 'charter', {});
  await ask(stage, 'accept_charter', { draft, version });
  return draft;
}

async function audit(browser, url) {
  let page = await browser.newPage();
  let throttling = { rttMs: 0, throughputKbps: 0, requestLatencyMs: 0, downloadThroughputKbps: 0, uploadThroughputKbps: 0, cpuSlowdownMultiplier: SLOWER };
  let settings = { onlyCategories: Object.keys(CATEGORIES), throttlingMethod: 'devtools', throttling, formFactor: 'mobile' };
  let { lhr } = await lighthouse(url, { logLevel: 'error' }, { extends: 'lighthouse:default', settings }, page);
  await page.close();
  if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
  let weighed = Object.values(lhr.categories).flatMap((it) => it.auditRefs).filter((it) => it.weight > 0).map((it) => lhr.audits[it.id]);
  for (let audit of weighed) {
    if (audit.score !== null && audit.score < 0.9) console.log(`  ${url}: ${audit.id} ${audit.score} ${audit.displayValue ?? ''}`);
  }
  return Object.fromEntries(Object.keys(CATEGORIES).map((name) => [name, lhr.categories[name].score]));
}

async function lighthouseFigures(browser, stage, draft) {
  let screens = { landing: '#/', identity: `#/brouillon/${draft}/identite`, map: '#/partenaires' };
  let scores = {};
  for (let [screen, hash] of Object.entries(screens)) {
    let runs = [];
    for (let run = 0; run < RUNS; run++) runs.push(await audit(browser, `${stage.address}/${hash}`));
    scores[screen] = Object.fromEntries(Object.keys(CATEGORIES).map((it) => [it, median(runs.map((run) => run[it]))]));
  }
  for (let [category, goal] of Object.entries(CATEGORIES)) {
    for (let screen of Object.keys(screens)) {
      figure({ name: `lighthouse ${category}, ${screen}, CPU 1/${SLOWER}, median of ${RUNS}`, ours: scores[screen][category], unit: 'score', goal });
    }
  }
}

/** In the page: when a field's question leaves, and when the quiet line says that it is kept. */
function watchKeeping() {
  let send = window.fetch;
  let typedAt, askedAt;
  window.fetch = (...args) => {
    askedAt = performance.now();
    return send(...args);
  };
  addEventListener('keydown', (event) => (typedAt = event.timeStamp), { capture: true });
  /** Watches from now on; resolves `window.kept` with the two times of the next field. */
  window.watch = () => {
    window.kept = new Promise((resolve) => {
      let line = document.querySelector('footer [role=status]');
      let wasSaving = false;
      let observer = new MutationObserver(() => {
        wasSaving ||= line.textContent.includes('Enregistrement');
        if (!wasSaving || !line.textContent.includes('Enregistré sur ce téléphone')) return;
        observer.disconnect();
        // After the next frame is drawn, it is on the screen.
        requestAnimationFrame(() => setTimeout(() => resolve({ whole: performance.now() - typedAt, asked: performance.now() - askedAt })));
      });
      observer.observe(line, { subtree: true, childList: true, characterData: true });
    });
  };
}

async function keepingFigures(browser, stage, draft) {
  let page = await browser.newPage();
  await page.goto(`${stage.address}/#/brouillon/${draft}/identite`);
  await page.waitForSelector('#family_name');
  await page.emulateCPUThrottling(SLOWER);
  await page.evaluate(watchKeeping);
  await page.focus('#family_name');
  let times = [];
  for (let time = 0; time < TIMES; time++) {
    await page.evaluate(() => window.watch());
    await page.keyboard.type('a');
    times.push(await page.evaluate(() => window.kept));
  }
  await page.close();
  let how = `CPU 1/${SLOWER}, median of ${TIMES}`;
  figure({ name: `a kept field is seen, from the last key, ${how}`, ours: median(times.map((it) => it.whole)), unit: 'ms', goal: `<= ${PAUSE_MS + 100}` });
  figure({ name: `a kept field is seen, from the question, ${how}`, ours: median(times.map((it) => it.asked)), unit: 'ms', goal: '<= 100' });
}

let isRoot = process.getuid() === 0;
let stage = await Stage.open();
let browser = await puppeteer.launch({
  executablePath: process.env.E2E_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--password-store=basic', ...(isRoot ? ['--no-sandbox'] : [])],
});
try {
  let draft = await startDraft(stage);
  await keepingFigures(browser, stage, draft);
  await lighthouseFigures(browser, stage, draft);
} finally {
  await browser.close();
  await stage.close();
}
