// SPDX-License-Identifier: ISC
// The pages of tests/browser/fleet.c, and change tickets, as people meet them: light and dark, wide
// and narrow, with the keyboard, without JavaScript, on paper. Usage: node check.js FOLDER [TEST...]
'use strict';
const fs = require('fs');
const http = require('http');
const path = require('path');
const puppeteer = require('puppeteer-core');

const folder = process.argv[2];
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
	.find((file) => fs.existsSync(file));
const wide = {width: 1400, height: 1000};
const phone = {width: 390, height: 844};
let passed = 0, failed = 0, browser, server, site;

function check(holds, what) {
	if (holds) {
		passed++;
	} else {
		failed++;
		console.log('FAILED ' + what);
	}
}

function same(is, wanted, what) {
	check(JSON.stringify(is) === JSON.stringify(wanted),
		`${what}: ${JSON.stringify(is)}, expected ${JSON.stringify(wanted)}`);
}

// A page that must ask for nothing but itself and say nothing on the console.
async function open(name, how = {}) {
	const page = await browser.newPage();
	const noise = [];
	page.on('console', (message) => noise.push(message.text()));
	page.on('pageerror', (error) => noise.push(error.message));
	page.on('request', (request) => {
		if (!request.url().startsWith(site) || new URL(request.url()).pathname !== '/' + name.split('#')[0]) {
			noise.push('asked for ' + request.url());
		}
	});
	page.noise = noise;
	await page.setJavaScriptEnabled(how.script !== false);
	await page.setViewport(how.size || wide);
	await page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: how.scheme || 'light'}]);
	await page.goto(site + name, {waitUntil: 'load'});
	return page;
}

async function close(page, what) {
	same(page.noise, [], what + ': quiet');
	await page.close();
}

const settle = (page) => page.evaluate(() => new Promise((done) => {
	setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 250);
}));
const text = (page, selector) => page.$eval(selector, (element) => element.textContent.trim());
const focused = (page) => page.evaluate(() => {
	const at = document.activeElement;
	return at.id || at.textContent.trim().split('\n')[0] || at.tagName;
});

async function accessible(page, what) {
	await page.evaluate(axe); // injected by the debugger: no script of the page
	const found = await page.evaluate(() => axe.run({resultTypes: ['violations']}));
	for (const one of found.violations) {
		const grave = one.impact === 'serious' || one.impact === 'critical';
		console.log(`${grave ? 'FAILED' : 'note:'} ${what}: ${one.impact} ${one.id}: ${one.help}: ` +
			one.nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join(' | '));
		failed += grave ? 1 : 0;
	}
	passed += found.passes.length > 0 ? 1 : 0;
}

async function looks() {
	const pages = ['fleet-200.html', 'fleet-200.html#fw-fw-dc-0009', 'fleet-4.html', 'fleet-1.html'];
	for (const scheme of ['light', 'dark']) {
		for (const size of [wide, phone]) {
			for (const name of pages) {
				const what = `${name} ${scheme} ${size.width}`;
				const page = await open(name, {scheme, size});
				await page.evaluate(() => document.querySelectorAll('details').forEach((one) => { one.open = true; }));
				check(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
					what + ': nothing is wider than the window');
				await accessible(page, what);
				const file = what.replace(/[^a-z0-9]+/g, '-') + '.png';
				await page.screenshot({path: path.join(folder, file)});
				await close(page, what);
			}
		}
	}
}

// Rows are laid out by a grid; they must still be a table to a screen reader.
async function tables() {
	const page = await open('fleet-200.html');
	const client = await page.createCDPSession();
	const {root} = await client.send('DOM.getDocument');
	const {nodeId} = await client.send('DOM.querySelector', {nodeId: root.nodeId, selector: '#matrix'});
	const {nodes} = await client.send('Accessibility.queryAXTree', {nodeId, role: 'row'});
	check(nodes.length > 50, `rows in the tree of accessibility: ${nodes.length}`);
	for (const role of ['columnheader', 'rowheader', 'cell']) {
		const found = await client.send('Accessibility.queryAXTree', {nodeId, role});
		check(found.nodes.length > 0, `a ${role} in the tree of accessibility`);
	}
	await close(page, 'tables');
}

const state = (page) => page.evaluate(() => ({
	shown: document.getElementById('shown').textContent,
	rows: Array.from(document.querySelectorAll('#matrix tbody tr'), (row) => ({
		name: row.querySelector('a').textContent,
		marks: Array.from(row.querySelectorAll('td span'), (mark) => mark.className),
		numbers: Array.from(row.querySelectorAll('td:is(.error, .warning, .note, .zero)'), (cell) => Number(cell.textContent)),
		rules: row.dataset.r, train: row.dataset.t,
	})),
	tiles: Object.fromEntries(Array.from(document.querySelectorAll('dd[data-n]'),
		(tile) => [tile.dataset.n, Number(tile.textContent.replace(/,/g, ''))])),
	sum: (() => {
		const sums = {};
		document.querySelectorAll('.chart tbody tr:not([hidden])').forEach((row) => {
			const chart = row.closest('table').id;
			for (const cell of Array.from(row.cells).slice(2)) {
				sums[chart] = (sums[chart] || 0) + Number(cell.textContent.replace(/,/g, ''));
			}
		});
		return sums;
	})(),
}));

// What tiles and charts say is what the rows that are left add up to.
function adds(now, what) {
	const sum = (i) => now.rows.reduce((total, row) => total + row.numbers[i], 0);
	const findings = sum(0) + sum(1) + sum(2);
	same(now.tiles.all, now.rows.length, what + ': firewalls');
	same([now.tiles.error, now.tiles.warning, now.tiles.note], [sum(0), sum(1), sum(2)], what + ': findings');
	same(now.tiles.clean, now.rows.filter((row) => row.rules === '').length, what + ': without findings');
	same(now.sum['chart-rules'] || 0, findings, what + ': chart of rules');
	same(now.sum['chart-trains'] || 0, findings, what + ': chart of releases');
}

async function filters() {
	const page = await open('fleet-200.html');
	const all = await state(page);
	same(all.shown, '200 firewalls', 'all are shown');
	adds(all, 'as emitted');
	const cases = [
		['by-text', 'DC-00 smtp', () => false],
		['by-text', 'dc-00', (row) => row.name.includes('dc-00')],
		['by-text', 'am201 8.2', (row) => row.rules.includes('AM201') && row.train === 'ASA 8.2'],
		['by-severity', 'error', (row) => row.numbers[0] > 0],
		['by-severity', 'none', (row) => row.rules === ''],
		['by-rule', 'AM201', (row) => row.rules.includes('AM201:')],
		['by-verdict', 'capped', (row) => row.marks.includes('capped')],
		['by-verdict', 'maybe', (row) => row.marks.includes('maybe')],
		['by-train', 'PIX 7.2', (row) => row.train === 'PIX 7.2'],
	];
	for (const [id, value, keeps] of cases) {
		await page.evaluate((id, value) => {
			const field = document.getElementById(id);
			field.value = value;
			field.dispatchEvent(new Event('input', {bubbles: true}));
		}, id, value);
		await settle(page);
		const now = await state(page);
		same(now.rows.map((row) => row.name), all.rows.filter(keeps).map((row) => row.name), `${id} ${value}`);
		check(now.shown.startsWith(now.rows.length + ' of 200 '), `${id} ${value}: ${now.shown}`);
		adds(now, `${id} ${value}`);
		await page.click('#reset');
		await settle(page);
		same((await state(page)).rows.length, 200, `${id}: reset`);
	}
	await page.select('#by-kind', 'smtp-in');
	await page.select('#by-verdict', 'blocked');
	await settle(page);
	const both = await state(page);
	check(both.rows.length > 0 && both.rows.length < 100, `blocked smtp-in: ${both.rows.length}`);
	const first = await page.$eval('#matrix tbody a', (link) => { link.click(); return link.textContent; });
	await settle(page);
	same(await text(page, '.fw.open h2'), first, 'a click opens the firewall');
	same(await text(page, '#where'), `1 of ${both.rows.length}`, 'the pager walks what is filtered');
	await close(page, 'filters');
}

async function sorting() {
	const page = await open('fleet-200.html');
	const sort = async (name) => {
		await page.click(`#matrix th[data-name="${name}"] button`);
		await settle(page);
		return {
			rows: (await state(page)).rows,
			how: await page.$eval(`#matrix th[data-name="${name}"]`, (head) => head.getAttribute('aria-sort')),
			others: await page.$$eval('#matrix [aria-sort]', (heads) => heads.length),
		};
	};
	const sorted = (list, compare) => list.every((one, i) => i === 0 || compare(list[i - 1], one) <= 0);
	let now = await sort('error');
	same([now.how, now.others], ['descending', 1], 'numbers: the largest first');
	check(sorted(now.rows.map((row) => -row.numbers[0]), (a, b) => a - b), 'sorted by errors');
	now = await sort('error');
	same(now.how, 'ascending', 'a second time turns it round');
	check(sorted(now.rows.map((row) => row.numbers[0]), (a, b) => a - b), 'sorted by errors, rising');
	now = await sort('name');
	same([now.how, now.others], ['ascending', 1], 'names: A first');
	check(sorted(now.rows.map((row) => row.name), (a, b) => a.localeCompare(b, 'en', {numeric: true})), 'sorted by name');
	now = await sort('smtp-in');
	same(now.how, 'descending', 'verdicts: the worst first');
	check(now.rows[0].marks[0] === 'blocked', 'a blocked one leads');
	await close(page, 'sorting');
}

async function keyboard() {
	const page = await open('fleet-200.html');
	const tab = async () => { await page.keyboard.press('Tab'); return focused(page); };
	same(await tab(), 'Skip to the content', 'the first stop skips');
	check((await tab()) !== '', 'then the theme');
	const stops = [];
	for (let i = 0; i < 20; i++) {
		stops.push(await tab());
	}
	const wanted = ['by-text', 'by-severity', 'by-rule', 'by-kind', 'by-verdict', 'by-train', 'reset',
		'Firewall', 'Release', 'smtp-in', 'smtp-out', 'cpq-quarantine', 'cpq-release', 'ssh-config', 'Errors',
		'Warnings', 'Notes', 'Change', 'fw-dc-0000', 'fw-branch-0001'];
	same(stops, wanted, 'order of the stops');
	check(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle !== 'none'), 'focus is seen');
	await page.focus('#matrix th[data-name="error"] button');
	await page.keyboard.press('Enter');
	await settle(page);
	same(await page.$eval('#matrix th[data-name="error"]', (head) => head.getAttribute('aria-sort')), 'descending', 'Enter sorts');
	same(await focused(page), 'Errors', 'and focus stays');
	await page.focus('#by-text');
	await page.keyboard.type('dc-0003');
	await settle(page);
	same(await text(page, '#shown'), '1 of 200 firewalls', 'typing filters');
	await page.focus('#matrix tbody a');
	await page.keyboard.press('Enter');
	await settle(page);
	same(await focused(page), 'fw-dc-0003', 'Enter opens, focus goes to the heading');
	check(await page.$eval('#overview', (overview) => getComputedStyle(overview).display === 'none'), 'the fleet is away');
	await page.focus('.fw.open .commands button');
	await page.keyboard.press('Enter');
	await settle(page);
	same(await text(page, '#said'), 'Commands copied', 'Enter copies, and it is said');
	same((await page.evaluate(() => navigator.clipboard.readText())).trim(), await text(page, '.fw.open .commands pre'), 'what is copied');
	await page.focus('.fw.open .finding summary');
	await page.keyboard.press('Enter');
	check(await page.$eval('.fw.open .finding details', (help) => help.open && help.textContent.length > 200), 'help unfolds');
	await page.goBack();
	await settle(page);
	same(await focused(page), 'fw-dc-0003', 'back again, focus is on the row');
	await close(page, 'keyboard');
}

// Where the clipboard is refused, the commands are copied or selected all the same, and it is said.
async function refused() {
	const page = await open('fleet-4.html');
	await page.evaluate(() => {
		Object.defineProperty(navigator, 'clipboard', {value: {writeText: () => Promise.reject(new Error('no'))}});
	});
	await page.click('.commands button');
	await settle(page);
	check((await text(page, '#said')).length > 0, 'something is said');
	same((await page.evaluate(() => getSelection().toString())).trim(), await text(page, '.commands pre'), 'the commands are selected');
	await close(page, 'refused');
}

async function links() {
	let page = await open('fleet-200.html#fw-fw-dc-0009-p1');
	await settle(page);
	same(await text(page, '.fw.open h2'), 'fw-dc-0009', 'a link to a packet opens its firewall');
	check(await page.$eval('#fw-fw-dc-0009-p1', (packet) => packet.open && packet.querySelectorAll('li').length > 3), 'and unfolds its way');
	await page.click('#next');
	await settle(page);
	same(await text(page, '.fw.open h2'), 'fw-branch-0010', 'next');
	await page.click('.fw.open .finding h4 a');
	await settle(page);
	check(await page.$eval('#rules', (rules) => getComputedStyle(rules).display !== 'none'), 'a link to a rule shows the rules');
	await close(page, 'links');
	page = await open('fleet-200.html#%E0%A4%A');
	check(await page.$('#filters:not([hidden])'), 'a broken link is no matter');
	await close(page, 'broken link');
	page = await open('fleet-4.html#fw-fw-branch-0002');
	await settle(page);
	check(await page.$eval('#fw-fw-branch-0002', (section) => Math.abs(section.getBoundingClientRect().top) < 60), 'a link in a small page');
	await close(page, 'links of a small page');
}

async function themes() {
	const page = await open('fleet-4.html');
	const back = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
	const light = await back();
	await page.click('input[name=theme][value=dark]');
	const dark = await back();
	check(light !== dark, `the switch: ${light}, ${dark}`);
	await page.reload();
	same(await back(), dark, 'the choice is kept');
	await page.click('input[name=theme][value=auto]');
	same(await back(), light, 'auto is what the system says');
	await close(page, 'themes');
}

async function withoutScript() {
	let page = await open('fleet-200.html#fw-fw-dc-0009', {script: false});
	const seen = await page.evaluate(() => ({
		sections: document.querySelectorAll('.fw h2').length,
		filters: document.getElementById('filters').hidden,
		top: document.getElementById('fw-fw-dc-0009').getBoundingClientRect().top,
		text: document.getElementById('fw-fw-dc-0009').innerText,
		buttons: document.querySelectorAll('#matrix button').length,
	}));
	same([seen.sections, seen.filters, seen.buttons], [200, true, 0], 'everything is there without JavaScript, and nothing that needs it');
	check(Math.abs(seen.top) < 60, `a link leads to its firewall: ${seen.top}`);
	for (const part of ['smtp-inspected', 'configs/site-09/fw-0009.cfg:', 'no inspect esmtp', 'packet-tracer input outside', 'every other packet']) {
		check(seen.text.includes(part), `to be read without JavaScript: ${part}`);
	}
	await close(page, 'without JavaScript');
	page = await open('fleet-200.html', {script: false, size: phone});
	check(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'a phone without JavaScript');
	await close(page, 'a phone without JavaScript');
}

// Servers of build artifacts (Jenkins is one) send pages in a sandbox, where no script may run.
async function sandboxed() {
	const page = await browser.newPage();
	await page.goto(site + 'fleet-200.html?sandbox', {waitUntil: 'load'});
	same(await page.$$eval('.fw h2', (headings) => headings.length), 200, 'everything is there in a sandbox');
	check(await page.$eval('#filters', (filters) => filters.hidden), 'and nothing that needs a script');
	await page.close();
}

async function hostile() {
	const page = await open('fleet-4.html');
	const found = await page.evaluate(() => ({
		text: document.body.textContent.includes('a<b>&"c'),
		elements: Array.from(document.querySelectorAll('b'), (b) => b.textContent).filter((b) => b.startsWith('&')).length,
		ran: (() => {
			const script = document.createElement('script');
			script.textContent = 'window.ran = true';
			document.body.appendChild(script);
			return window.ran === true;
		})(),
	}));
	same(found, {text: true, elements: 0, ran: false}, 'a name that looks like markup, a script that is not ours');
	check(page.noise.length === 1 && page.noise[0].includes('Content Security Policy'), 'the policy refused it');
	await page.close();
}

async function paper() {
	const page = await open('fleet-4.html', {scheme: 'dark'});
	await page.emulateMediaType('print');
	const seen = await page.evaluate(() => ({
		back: getComputedStyle(document.body).backgroundColor,
		filters: getComputedStyle(document.getElementById('filters')).display,
	}));
	same(seen, {back: 'rgb(255, 255, 255)', filters: 'none'}, 'on paper');
	check((await page.pdf({timeout: 0})).length > 10000, 'it prints');
	await close(page, 'paper');
}

// Change tickets: a small phone, paper, and the buttons that copy commands.
async function tickets() {
	const pages = fs.readdirSync(folder).filter((name) => /^ticket-.*\.html$/.test(name));
	const sizes = [{width: 1200, height: 900}, {width: 360, height: 740}];
	check(pages.length > 0, 'there are tickets');
	for (const name of pages) {
		for (const scheme of ['light', 'dark']) {
			for (const size of sizes) {
				const what = `${name} ${scheme} ${size.width}`;
				const page = await open(name, {scheme, size});
				check(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
					what + ': nothing is wider than the window');
				check(await page.evaluate(() => Array.from(document.querySelectorAll('svg text'))
					.every((text) => text.getBBox().x + text.getBBox().width <= text.ownerSVGElement.viewBox.baseVal.width)),
				what + ': the picture holds its words');
				await accessible(page, what);
				await page.screenshot({path: path.join(folder, what.replace(/[^a-z0-9]+/g, '-') + '.png'), fullPage: true});
				await close(page, what);
			}
		}
		const page = await open(name, {scheme: 'dark'});
		const commands = await text(page, '.commands pre');
		await page.click('.commands button');
		same(await page.evaluate(() => navigator.clipboard.readText().then((read) => read.trim())), commands, name + ': copied');
		await page.emulateMediaType('print');
		same(await page.evaluate(() => ({
			back: getComputedStyle(document.body).backgroundColor,
			titles: getComputedStyle(document.querySelector('thead')).display,
			nav: getComputedStyle(document.querySelector('nav')).display,
		})), {back: 'rgb(255, 255, 255)', titles: 'table-header-group', nav: 'none'}, name + ': on paper');
		await page.pdf({path: path.join(folder, name.replace('.html', '.pdf')), format: 'A4'});
		await close(page, name + ': on paper');
	}
}

// Told, not judged: a machine may be busy.
async function speed() {
	const size = fs.statSync(path.join(folder, 'fleet-10000.html')).size;
	for (let i = 0; i < 3; i++) {
		const page = await browser.newPage();
		await page.setViewport(wide);
		await page.goto(`file://${folder}/fleet-10000.html`, {waitUntil: 'load', timeout: 0});
		const took = await page.evaluate(async () => {
			const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
			const time = async (act) => {
				const start = performance.now();
				act();
				await frame();
				return Math.round(performance.now() - start);
			};
			await frame();
			return {
				paint: Math.round(performance.getEntriesByName('first-contentful-paint')[0].startTime),
				usable: Math.round(performance.getEntriesByName('matrix-usable')[0].startTime),
				load: Math.round(performance.getEntriesByType('navigation')[0].loadEventEnd),
				sort: await time(() => document.querySelector('#matrix th button').click()),
				open: await time(() => { location.hash = document.querySelector('#matrix tbody a').hash; }),
			};
		});
		console.log(`10,000 firewalls, ${(size / 1e6).toFixed(1)} MB, ${(size / 1e4 / 1e3).toFixed(1)} kB each: painted ` +
			`after ${took.paint} ms, matrix usable ${took.usable} ms, all loaded ${took.load} ms; sorted in ` +
			`${took.sort} ms, a firewall opened in ${took.open} ms`);
		check(took.usable > 0, 'the matrix of 10,000 is usable');
		await page.close();
	}
}

async function main() {
	server = http.createServer((request, response) => {
		const file = path.join(folder, path.basename(new URL(request.url, site).pathname));
		response.setHeader('Content-Type', 'text/html; charset=utf-8');
		if (request.url.endsWith('?sandbox')) {
			response.setHeader('Content-Security-Policy', 'sandbox');
		}
		fs.createReadStream(file).on('error', () => response.writeHead(404).end()).pipe(response);
	});
	await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
	site = `http://127.0.0.1:${server.address().port}/`;
	browser = await puppeteer.launch({executablePath: chromium, args: ['--no-sandbox'], protocolTimeout: 600000});
	await browser.defaultBrowserContext().overridePermissions(site, ['clipboard-read', 'clipboard-write', 'clipboard-sanitized-write']);
	const tests = [looks, tables, filters, sorting, keyboard, refused, links, themes, withoutScript, sandboxed, hostile, paper, tickets, speed];
	const chosen = process.argv.slice(3);
	for (const test of tests.filter((one) => chosen.length === 0 || chosen.includes(one.name))) {
		try {
			await test();
		} catch (error) {
			failed++;
			console.log(`FAILED ${test.name}: ${error.stack}`);
		}
	}
	await browser.close();
	server.close();
	console.log(`browser: ${passed} passed, ${failed} failed`);
	process.exit(failed === 0 ? 0 : 1);
}

main();
