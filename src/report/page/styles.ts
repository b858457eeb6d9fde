import { palette } from './palette.ts';

/** Layout from 400 px up. Tables become cards on a phone: a cell's `data-label` is its heading. */
export const styles = `${palette}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
main{max-width:1180px;margin:0 auto;padding:40px 32px 56px}
p,ul,dl,dd,h1,h2,h3{margin:0;padding:0}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.88em}
h1{text-wrap:balance;font-size:clamp(25px,4vw,34px);line-height:1.2;letter-spacing:-.015em;font-weight:650}
h2{font-size:1.14em;font-weight:650;margin:0 0 12px}
h3{font-size:.94em;font-weight:650}
section{margin-top:40px}
.quiet{color:var(--quiet)}
.small{font-size:.87em}
.num{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.notable{font-weight:650;color:var(--warn)}
.over{color:var(--quiet);margin-bottom:4px}
.outcome{margin:14px 0 12px;font-size:1.07em}
.lead{font-size:1.2em;line-height:1.45;max-width:72ch;text-wrap:pretty}
header .failure{margin-top:18px}

.pill{display:inline-block;white-space:nowrap;padding:1px 9px 1px 7px;border-radius:999px;font-size:.87em;font-weight:550;color:var(--tone);background:var(--tint)}
.pill .sign{display:inline-block;min-width:1em;text-align:center;font-weight:700}
.outcome .pill{padding:4px 14px 4px 10px;font-size:1em;font-weight:650}
.tag{display:inline-block;padding:0 6px;border:1px solid var(--bad);border-radius:4px;color:var(--bad);font-size:.8em}

.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(250px,1fr));gap:14px 32px;padding:18px 20px;background:var(--card);border:1px solid var(--line);border-radius:8px}
.facts dt{font-size:.84em;color:var(--quiet)}
.facts dd{font-variant-numeric:tabular-nums}
.params{list-style:none}

.timeline{font-size:.9em}
.timeline .row{display:grid;grid-template-columns:minmax(0,250px) minmax(0,1fr) 84px;gap:0 14px;align-items:center}
.timeline .name{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.timeline .picture{align-items:start}
.plot{display:block;width:100%;overflow:visible}
.plot text{font-size:.8em;fill:var(--quiet);font-variant-numeric:tabular-nums}
.grid{stroke:var(--line)}
.bar{fill:var(--shade);stroke:var(--shade);stroke-width:1.5;--shade:color-mix(in srgb,var(--tone) 75%,var(--page))}
.bar.waiting{fill:url(#waiting);stroke:var(--warn);stroke-width:1}
.hatch{fill:var(--warn)}
.hatch-ground{fill:var(--page)}
.marker{fill:var(--text);stroke:var(--page);stroke-width:1.5}
.patterns{position:absolute}
.legend{display:flex;flex-wrap:wrap;gap:4px 20px;list-style:none;margin-top:12px;font-size:.87em;color:var(--quiet)}
.legend svg{margin-right:6px;vertical-align:-1px}

table{width:100%;border-collapse:collapse}
th{font-size:.84em;font-weight:500;color:var(--quiet);text-align:left;padding:0 12px 6px 0;border-bottom:1px solid var(--line-strong);white-space:nowrap}
th.num{text-align:right}
td{padding:10px 12px 10px 0;vertical-align:top;border-bottom:1px solid var(--line)}
th:last-child,td:last-child{padding-right:0}
td.title{font-weight:500}
td.when{white-space:nowrap;font-variant-numeric:tabular-nums}
.steps th:first-child{width:1%}
.steps td.title{width:28%}
.steps td.title code{font-weight:400}
.plan td:nth-child(-n+3){width:27%}
.value{font-variant-numeric:tabular-nums}
tr:has(+.trouble) td{border-bottom:0}
.trouble td{padding-top:0}

.pairs{display:grid;grid-template-columns:minmax(50px,max-content) minmax(0,1fr);gap:1px 8px}
.pairs dt{color:var(--quiet);font-size:.87em;line-height:1.73}
.failure{padding:10px 14px;border-left:3px solid var(--bad);background:var(--bad-tint);border-radius:0 6px 6px 0}
.failure .what code{font-weight:650;color:var(--bad);margin-right:4px}
.failure .pairs{margin-top:4px}
.undo-error{margin:8px 0 4px}
.output{margin-top:8px}
summary{cursor:pointer;color:var(--quiet);font-size:.9em}
pre{margin:8px 0 0;padding:12px 14px;max-height:420px;overflow:auto;white-space:pre-wrap;background:var(--well);border:1px solid var(--line);border-radius:6px;line-height:1.45}

.undo{display:grid;grid-template-columns:repeat(auto-fit,minmax(240px,1fr));gap:20px}
.group{padding:2px 0 2px 14px;border-left:3px solid var(--tone)}
.group ul{margin-top:6px;padding-left:18px}
.decisions+p{margin-top:10px}
p+table{margin-top:14px}
footer{margin-top:48px;padding-top:16px;border-top:1px solid var(--line);font-size:.87em;color:var(--quiet)}
footer .json{margin-bottom:10px}

@media screen and (max-width:760px){
main{padding:24px 16px 40px}
section{margin-top:32px}
.facts{grid-template-columns:1fr;gap:8px;padding:14px 16px}
.facts div{display:grid;grid-template-columns:112px minmax(0,1fr);gap:10px}
.facts dt{line-height:1.8}
.timeline .row{grid-template-columns:minmax(0,1fr) auto;padding-top:4px}
.timeline .plot{grid-row:2;grid-column:1/-1}
thead{display:none}
table,tbody,tr,td{display:block}
tr{padding:12px 0;border-bottom:1px solid var(--line)}
tbody tr:first-child{border-top:1px solid var(--line-strong)}
td,td.num{position:relative;border:0;padding:2px 0 2px 88px;text-align:left;width:auto!important;min-height:27px}
td::before{content:attr(data-label);position:absolute;left:0;color:var(--quiet);font-size:.87em;font-weight:400;line-height:1.73}
td.title{padding-left:0;font-weight:650}
td.title::before,td.usual,td:empty{display:none}
td.when{white-space:normal}
tr:has(+.trouble){border-bottom:0;padding-bottom:0}
.trouble td{padding-left:0}
}
@media print{
main{max-width:none;padding:0}
body{font-size:9pt}
section{margin-top:24px}
td{padding:6px 8px 6px 0}
.facts{grid-template-columns:repeat(3,1fr);gap:8px 20px;padding:12px 14px}
.timeline .row{grid-template-columns:180px minmax(0,1fr) 70px}
tr,.group,.failure,.row{break-inside:avoid}
h2{break-after:avoid}
thead{display:table-header-group}
pre{max-height:none}
.json{display:none}
.output::details-content{content-visibility:visible;height:auto}
*{print-color-adjust:exact}
}
`;
