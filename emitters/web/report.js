(function () {
'use strict';
var root = document.documentElement;
root.classList.add('js');

function byId(id) {
	return document.getElementById(id);
}

function say(text) {
	byId('said').textContent = text;
}

/* The theme that is chosen; it is kept where the browser lets us. */
function prepareTheme() {
	var key = 'asamend-theme', kept = null;
	try {
		kept = localStorage.getItem(key);
	} catch (refused) {
		kept = null;
	}
	function use(input) {
		root.style.colorScheme = input.value === 'auto' ? '' : input.value;
	}
	document.querySelectorAll('input[name=theme]').forEach(function (input) {
		if (input.value === kept) {
			input.checked = true;
			use(input);
		}
		input.addEventListener('change', function () {
			use(input);
			try {
				localStorage.setItem(key, input.value);
			} catch (refused) {
				return;
			}
		});
	});
	document.querySelector('.theme').hidden = false;
}

/* --- a firewall ---------------------------------------------------------------------------- */

function addCopy(box) {
	var pre = box.querySelector('pre'), button = document.createElement('button');
	button.type = 'button';
	button.textContent = 'Copy';
	function done() {
		button.textContent = 'Copied';
		say('Commands copied');
		setTimeout(function () {
			button.textContent = 'Copy';
			say('');
		}, 2500);
	}
	function byHand() {
		var copied = false;
		getSelection().selectAllChildren(pre);
		try {
			copied = document.execCommand('copy');
		} catch (refused) {
			copied = false;
		}
		if (copied) {
			done();
		} else {
			say('The commands are selected: copy them with the keyboard');
		}
	}
	button.addEventListener('click', function () {
		if (navigator.clipboard) {
			navigator.clipboard.writeText(pre.textContent).then(done, byHand);
		} else {
			byHand();
		}
	});
	box.appendChild(button);
}

/* What a rule means is shown in its place, too, rather than at the end of the page alone. */
function addHelp(finding) {
	var rule = byId(finding.querySelector('h4 a').hash.slice(1));
	var details = document.createElement('details'), summary = document.createElement('summary');
	var text = document.createElement('div');
	if (!rule) {
		return;
	}
	summary.textContent = 'What it means and what to do';
	text.className = 'help-text';
	rule.querySelectorAll('p').forEach(function (paragraph) {
		text.appendChild(paragraph.cloneNode(true));
	});
	details.append(summary, text);
	finding.appendChild(details);
}

function furnish(section) {
	section.querySelectorAll('.commands').forEach(addCopy);
	section.querySelectorAll('.finding').forEach(addHelp);
}

/* The section as the page holds it: a text until it is asked for. */
function unfold(section) {
	var folded = section.querySelector('noscript'), template;
	if (folded) {
		template = document.createElement('template');
		template.innerHTML = folded.textContent;
		folded.replaceWith(template.content);
		furnish(section);
	}
}

/* --- the fleet ----------------------------------------------------------------------------- */

var fleet = {rows: null, shown: [], sort: 0, up: true, where: 0};
var order = ['off', 'clear', 'limited', 'capped', 'maybe', 'inspected', 'blocked'];
var collator = new Intl.Collator('en', {numeric: true});

function read(row) {
	var cells = row.cells, columns = fleet.columns, values = [], classes = {};
	for (var i = 0; i < cells.length; i++) {
		var kind = columns[i].dataset.sort, cell = cells[i];
		if (kind === 'number') {
			values.push(Number(cell.textContent));
		} else if (kind === 'rank') {
			var worst = -1, seen = [];
			for (var mark = cell.firstElementChild; mark; mark = mark.nextElementSibling) {
				worst = Math.max(worst, order.indexOf(mark.className));
				seen.push(mark.className);
			}
			values.push(worst);
			classes[columns[i].dataset.name] = seen;
		} else {
			values.push(i === 0 ? cell.firstElementChild.textContent : cell.textContent);
		}
	}
	return {
		row: row, values: values, classes: classes, train: row.dataset.t, rules: row.dataset.r,
		link: cells[0].firstElementChild.hash,
		text: (cells[0].textContent + ' ' + cells[1].textContent + ' ' + row.dataset.r).toLowerCase()
	};
}

function rows() {
	if (!fleet.rows) {
		fleet.rows = Array.from(byId('matrix').querySelectorAll('tbody tr'), read);
	}
	return fleet.rows;
}

function number(item, name) {
	return item.values[fleet.at[name]];
}

function wanted() {
	var words = byId('by-text').value.toLowerCase().split(/\s+/).filter(Boolean);
	var severity = byId('by-severity').value, rule = byId('by-rule').value;
	var kind = byId('by-kind').value, verdict = byId('by-verdict').value;
	var train = byId('by-train').value;
	return function (item) {
		if (!words.every(function (word) { return item.text.includes(word); })) {
			return false;
		}
		if (severity === 'none') {
			if (item.rules !== '') {
				return false;
			}
		} else if (severity !== '' && !number(item, severity)) {
			return false;
		}
		if (rule !== '' && !item.rules.includes(rule + ':')) {
			return false;
		}
		if (train !== '' && item.train !== train) {
			return false;
		}
		if (kind === '' && verdict === '') {
			return true;
		}
		return Object.keys(item.classes).some(function (name) {
			var seen = item.classes[name];
			if (kind !== '' && name !== kind) {
				return false;
			}
			return verdict === '' ? seen.length > 0 : seen.includes(verdict);
		});
	};
}

function inOrder(items) {
	var column = fleet.sort, sign = fleet.up ? 1 : -1;
	if (column < 0) {
		return items;
	}
	return items.slice().sort(function (a, b) {
		var x = a.values[column], y = b.values[column];
		return sign * (typeof x === 'number' ? x - y : collator.compare(x, y));
	});
}

/* Bodies of as many rows as before: those out of sight are not laid out. */
function place(items) {
	var bodies = byId('matrix').tBodies, size = fleet.size;
	for (var i = 0; i < bodies.length; i++) {
		var rows = items.slice(i * size, (i + 1) * size).map(function (item) { return item.row; });
		bodies[i].replaceChildren.apply(bodies[i], rows);
		bodies[i].hidden = rows.length === 0;
	}
}

function add(sums, key, part, n) {
	sums[key] = sums[key] || {};
	sums[key][part] = (sums[key][part] || 0) + n;
}

function draw(id, sums) {
	var table = byId(id), most = 1, all = [];
	if (!table) {
		return;
	}
	Array.from(table.tBodies[0].rows).forEach(function (row) {
		var parts = sums[row.dataset.key] || {}, bars = Array.from(row.querySelectorAll('rect'));
		var numbers = bars.map(function (bar) { return parts[bar.getAttribute('class')] || 0; });
		var sum = numbers.reduce(function (a, b) { return a + b; }, 0);
		most = Math.max(most, sum);
		all.push({row: row, bars: bars, numbers: numbers, sum: sum});
	});
	all.forEach(function (one) {
		var scale = 1000 / (table.dataset.whole ? Math.max(1, one.sum) : most), x = 0;
		one.row.hidden = one.sum === 0;
		one.bars.forEach(function (bar, i) {
			bar.setAttribute('x', x.toFixed(1));
			bar.setAttribute('width', (one.numbers[i] * scale).toFixed(1));
			x += one.numbers[i] * scale;
			one.row.cells[i + 2].textContent = one.numbers[i].toLocaleString('en');
		});
	});
}

function count(items) {
	var sums = {all: items.length, error: 0, warning: 0, note: 0, clean: 0};
	var flows = {}, rules = {}, trains = {};
	items.forEach(function (item) {
		['error', 'warning', 'note'].forEach(function (name) {
			sums[name] += number(item, name);
			add(trains, item.train, name, number(item, name));
		});
		sums.clean += item.rules === '' ? 1 : 0;
		item.rules.split(' ').filter(Boolean).forEach(function (rule) {
			var at = rule.split(':');
			add(rules, at[0], 'any', Number(at[1]));
		});
		Object.keys(item.classes).forEach(function (kind) {
			var worst = order[number(item, kind)];
			if (worst) {
				add(flows, kind, worst, 1);
			}
		});
	});
	document.querySelectorAll('dd[data-n]').forEach(function (tile) {
		if (tile.dataset.n in sums) {
			tile.textContent = sums[tile.dataset.n].toLocaleString('en');
		}
	});
	draw('chart-flows', flows);
	draw('chart-rules', rules);
	draw('chart-trains', trains);
	byId('shown').textContent = items.length.toLocaleString('en') +
		(items.length === rows().length ? '' : ' of ' + rows().length.toLocaleString('en')) +
		(rows().length === 1 ? ' firewall' : ' firewalls');
}

function apply() {
	var items = rows().filter(wanted());
	fleet.shown = inOrder(items);
	place(fleet.shown);
	count(fleet.shown);
}

function sortBy(column) {
	var heads = fleet.columns, head = heads[column];
	fleet.up = fleet.sort === column ? !fleet.up : head.dataset.sort === 'text';
	fleet.sort = column;
	heads.forEach(function (other, i) {
		if (i === column) {
			other.setAttribute('aria-sort', fleet.up ? 'ascending' : 'descending');
		} else {
			other.removeAttribute('aria-sort');
		}
	});
	apply();
}

function prepareFleet() {
	var table = byId('matrix'), timer = 0;
	if (!table) {
		return;
	}
	fleet.columns = Array.from(table.tHead.rows[0].cells);
	fleet.size = table.tBodies[0].rows.length;
	fleet.sort = -1;
	fleet.at = {};
	fleet.columns.forEach(function (head, i) {
		var button = document.createElement('button');
		button.type = 'button';
		button.textContent = head.textContent;
		button.addEventListener('click', function () { sortBy(i); });
		head.replaceChildren(button);
		fleet.at[head.dataset.name] = i;
	});
	byId('filters').hidden = false;
	byId('filters').addEventListener('input', function (event) {
		clearTimeout(timer);
		timer = setTimeout(apply, event.target.id === 'by-text' ? 120 : 0);
	});
	byId('reset').addEventListener('click', function () {
		byId('filters').querySelectorAll('input,select').forEach(function (field) { field.value = ''; });
		apply();
		byId('by-text').focus();
	});
	performance.mark('matrix-usable');
}

/* --- from the fleet to a firewall and back --------------------------------------------------- */

function link(id, item) {
	var anchor = byId(id);
	anchor.hidden = !item;
	if (item) {
		anchor.href = item.link;
	}
}

function pager(hash) {
	var list = fleet.shown.length ? fleet.shown : rows();
	var at = list.findIndex(function (item) { return item.link === hash; });
	link('previous', list[at - 1]);
	link('next', at < 0 ? null : list[at + 1]);
	byId('where').textContent = at < 0 ? '' : (at + 1) + ' of ' + list.length.toLocaleString('en');
}

/* What a link leads to. A packet is found in its firewall once that is unfolded. */
function target() {
	var id = location.hash.slice(1), section;
	try {
		id = decodeURIComponent(id);
	} catch (broken) {
		return null;
	}
	section = byId(id) || byId(id.replace(/-p\d+$/, ''));
	if (section && section.matches('.fw')) {
		unfold(section);
	}
	return byId(id) || section;
}

/* A packet that a link leads to is unfolded too. */
function reveal(place) {
	if (place.matches('details')) {
		place.open = true;
	}
	place.scrollIntoView();
}

function show() {
	var place = target(), section = place ? place.closest('.fw') : null;
	var body = document.body, open = document.querySelector('.fw.open');
	var one = section !== null;
	if (one && !body.classList.contains('one')) {
		fleet.where = scrollY;
	}
	if (open) {
		open.classList.remove('open');
	}
	body.classList.toggle('one', one);
	byId('pager').hidden = !one;
	if (one) {
		section.classList.add('open');
		pager('#' + section.id);
		if (place === section) {
			scrollTo(0, 0);
			section.querySelector('h2').focus({preventScroll: true});
		} else {
			reveal(place);
		}
	} else if (place && place.id !== 'fleet') {
		reveal(place);
	} else if (open) {
		var row = byId('matrix').querySelector('a[href="#' + CSS.escape(open.id) + '"]');
		scrollTo(0, fleet.where);
		if (row) {
			row.focus({preventScroll: fleet.where > 0});
		}
	}
}

prepareTheme();
prepareFleet();
document.addEventListener('DOMContentLoaded', function () {
	if (document.body.classList.contains('many')) {
		show();
		(window.requestIdleCallback || setTimeout)(rows); /* so that the first filter is quick */
		return;
	}
	furnish(document);
	if (target()) {
		reveal(target());
	}
});
addEventListener('hashchange', function () {
	if (document.body.classList.contains('many')) {
		show();
	} else if (target()) {
		reveal(target());
	}
});
}());
