/* SPDX-License-Identifier: ISC */
/*
 * The looks of the HTML ticket: light and dark as the reader's system is, a card a row on a
 * phone, black on white on paper. The script only adds buttons that copy commands.
 */
#include "emitters/ticket_page.h"

const char *const tone_classes[TONE_COUNT] = {
        [TONE_PLAIN] = "plain",
        [TONE_GOOD] = "good",
        [TONE_WARNING] = "warning",
        [TONE_BAD] = "bad",
};

/* clang-format off */
const char ticket_style[] =
	":root{color-scheme:light dark;--back:#fff;--card:#f6f8fa;--text:#1f2328;--soft:#59636e;"
	"--line:#d1d9e0;--good:#1a7f37;--warning:#8a5a00;--bad:#c11526;--link:#0757ba}\n"
	"@media(prefers-color-scheme:dark){:root{--back:#0d1117;--card:#161b22;--text:#e6edf3;"
	"--soft:#9198a1;--line:#3d444d;--good:#3fb950;--warning:#d29922;--bad:#ff6a61;"
	"--link:#58a6ff}}\n"
	"*{box-sizing:border-box}\n"
	"body{margin:0;background:var(--back);color:var(--text);"
	"font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif}\n"
	"main{max-width:68rem;margin:0 auto;padding:1.5rem 1rem 3rem}\n"
	"h1{font-size:1.6rem;line-height:1.25;margin:0 0 1rem;overflow-wrap:anywhere}\n"
	"h2{font-size:1.2rem;margin:2.2rem 0 .6rem;padding-bottom:.25rem;"
	"border-bottom:1px solid var(--line)}\n"
	"p,ul{margin:.6rem 0}ul{padding-left:1.3rem}li{margin:.25rem 0}\n"
	"a{color:var(--link)}\n"
	"code{font:.9em/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',"
	"monospace;overflow-wrap:anywhere}\n"
	"p code,li code,td code,dd code{background:var(--card);border:1px solid var(--line);"
	"border-radius:4px;padding:0 .25em}\n"
	"dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1.2rem;margin:0;"
	"padding:.9rem 1rem;background:var(--card);border:1px solid var(--line);"
	"border-radius:8px}\n"
	"dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}\n"
	"nav{margin:1rem 0;font-size:.92rem}nav a{display:inline-block;margin-right:1rem;"
	"padding:.15rem 0}\n"
	"table{width:100%;border-collapse:collapse;margin:.8rem 0;font-size:.93rem}\n"
	"th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;"
	"border:1px solid var(--line);overflow-wrap:break-word}\n"
	"th{background:var(--card);font-weight:600}\n"
	".good{color:var(--good)}.warning{color:var(--warning)}.bad{color:var(--bad)}\n"
	"span.sign{font-weight:700;margin-right:.3em}\n"
	"p.good,p.warning,p.bad{color:var(--text);background:var(--card);padding:.6rem .8rem;"
	"border-left:4px solid;border-radius:0 6px 6px 0}\n"
	"p.good{border-color:var(--good)}p.warning{border-color:var(--warning)}"
	"p.bad{border-color:var(--bad)}\n"
	".commands{position:relative;margin:.8rem 0}\n"
	"pre{margin:0;padding:.8rem 1rem;overflow-x:auto;background:var(--card);"
	"border:1px solid var(--line);border-radius:8px}\n"
	".commands button{position:absolute;top:.45rem;right:.45rem;font:inherit;font-size:.85rem;"
	"padding:.2rem .7rem;color:var(--text);background:var(--back);"
	"border:1px solid var(--line);border-radius:6px;cursor:pointer}\n"
	"figure{margin:1.2rem 0;display:grid;grid-template-columns:1fr 1fr;gap:1rem}\n"
	"figure svg{width:100%;height:auto;display:block}\n"
	"figcaption{grid-column:1/-1;color:var(--soft);font-size:.9rem}\n"
	"svg text{fill:var(--text);font-size:12px}svg .head{font-weight:700;font-size:13px}"
	"svg .soft{fill:var(--soft)}svg .box{fill:var(--card);stroke:var(--line)}"
	"svg .rule{stroke:var(--line)}svg .edge{fill:none;stroke-width:2.2}"
	"svg .mark{fill:none;stroke:var(--back);stroke-width:1.8;stroke-linecap:round}\n"
	"svg .edge.good{stroke:var(--good)}svg .edge.warning{stroke:var(--warning)}"
	"svg .edge.bad{stroke:var(--bad)}svg .edge.plain{stroke:var(--soft)}"
	"svg .shape.good{fill:var(--good)}svg .shape.warning{fill:var(--warning)}"
	"svg .shape.bad{fill:var(--bad)}svg .shape.plain{fill:var(--soft)}\n"
	"footer{margin-top:2.5rem;color:var(--soft);font-size:.9rem}\n"
	"@media(max-width:44rem){main{padding:1rem .7rem 2rem}figure{grid-template-columns:1fr}"
	"dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}"
	"thead{display:none}table,tbody,tr,td{display:block;width:100%}"
	"tr{margin:.7rem 0;border:1px solid var(--line);border-radius:8px}"
	"td{border:0;position:relative;padding:.25rem .7rem .25rem 6.9rem;min-height:2rem}"
	"td:empty{display:none}"
	"td::before{content:attr(data-title);position:absolute;left:.7rem;width:6rem;"
	"color:var(--soft);font-size:.85rem}}\n"
	"@media print{:root{color-scheme:light;--back:#fff;--card:#fff;--text:#000;--soft:#333;"
	"--line:#999;--good:#000;--warning:#000;--bad:#000}body{font-size:10.5pt}"
	"@page{margin:15mm}main{max-width:none;padding:0}nav,.commands button{display:none}"
	"pre{white-space:pre-wrap;overflow-wrap:anywhere}"
	"h2{break-after:avoid}table,.commands{break-before:avoid}"
	"tr,pre,figure,dl{break-inside:avoid}}\n";

const char ticket_script[] =
	"document.querySelectorAll('.commands').forEach(function(box){"
	"var pre=box.querySelector('pre'),button=document.createElement('button');"
	"button.type='button';button.textContent='Copy';"
	"button.onclick=function(){"
	"function done(){button.textContent='Copied';"
	"setTimeout(function(){button.textContent='Copy'},1500)}"
	"function select(){getSelection().selectAllChildren(pre)}"
	"if(navigator.clipboard)navigator.clipboard.writeText(pre.textContent).then(done,select);"
	"else select()};"
	"box.appendChild(button)});";
/* clang-format on */
