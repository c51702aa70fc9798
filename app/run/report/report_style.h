// SPDX-License-Identifier: GPL-3.0-or-later
// The style sheet of the report pages: roles of the palette as variables, light by default and dark where the reader asks for it; what the charts need of it,
// which are also files of their own (pictures.h); and the rest of the page.
#pragma once

namespace weft {

inline constexpr const char* kReportColours = R"css(
:root{color-scheme:light dark;--window:#F6F7F9;--surface:#FFFFFF;--line:#DDE1E7;--grid:#E9ECF0;--text:#1A1D21;--soft:#5B6470;--accent:#3B5BDB;
--good:#2B8A3E;--warning:#B35C00;--bad:#C92A2A;--ghost:#868E96;--s1:#0072B2;--s2:#D98C00;--s3:#009E73;--s4:#D55E00;--s5:#B75F90;--s6:#3A96C9}
@media (prefers-color-scheme:dark){:root{--window:#15171B;--surface:#1C1F24;--line:#30353D;--grid:#2A2F36;--text:#E8EAED;--soft:#A3ABB6;--accent:#748FFC;
--good:#69DB7C;--warning:#FFC078;--bad:#FF8787;--ghost:#868E96;--s1:#4DABE8;--s2:#F2B84B;--s3:#3CC79B;--s4:#FF8A4C;--s5:#E3A0C4;--s6:#8CD0F5}}
)css";

inline constexpr const char* kChartStyle = R"css(
svg text{font-family:Inter,system-ui,sans-serif;font-size:12px;fill:var(--soft)}
svg text.tick{font-family:"JetBrains Mono",ui-monospace,monospace;font-size:11px}
svg text.cell{font-family:"JetBrains Mono",ui-monospace,monospace;font-size:11px}
line.mark{stroke:var(--soft);stroke-width:1}path.mark{fill:var(--soft);stroke:none}
.grid{stroke:var(--grid)}.axis{stroke:var(--line)}
path{fill:none;stroke-width:1.6;stroke-linejoin:round}
path.faint{stroke-width:1;opacity:.5}
path.ghost{stroke:var(--ghost);stroke-dasharray:5 4}
path.s1{stroke:var(--s1)}path.s2{stroke:var(--s2)}path.s3{stroke:var(--s3)}path.s4{stroke:var(--s4)}path.s5{stroke:var(--s5)}path.s6{stroke:var(--s6)}
path.d2{stroke-dasharray:7 4}path.d3{stroke-dasharray:8 3 2 3}path.d4{stroke-dasharray:2 3}path.d5{stroke-dasharray:8 3 2 3 2 3}path.d6{stroke-dasharray:14 4}
circle.s1{fill:var(--s1)}circle.s2{fill:var(--s2)}circle.s3{fill:var(--s3)}circle.s4{fill:var(--s4)}circle.s5{fill:var(--s5)}circle.s6{fill:var(--s6)}
)css";

inline constexpr const char* kPageStyle = R"css(
*{box-sizing:border-box}
body{margin:0;background:var(--window);color:var(--text);font:14px/1.5 Inter,system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:1080px;margin:0 auto;padding:32px 24px 48px}
h1{font-size:24px;font-weight:600;margin:0}
h2{font-size:16px;font-weight:600;margin:0 0 12px}
h3{font:500 12px/1.4 "JetBrains Mono",ui-monospace,monospace;margin:0 0 4px;color:var(--soft);overflow-wrap:anywhere}
header{margin-bottom:24px}
header p{margin:4px 0 0;color:var(--soft);overflow-wrap:anywhere}
.state{display:inline-block;font-size:12px;font-weight:600;border:1px solid currentColor;border-radius:10px;padding:0 10px;margin-left:10px;vertical-align:4px}
.state.done{color:var(--good)}.state.failed{color:var(--bad)}.state.other{color:var(--warning)}
section{background:var(--surface);border:1px solid var(--line);border-radius:8px;padding:16px;margin-bottom:16px}
.figures{display:flex;flex-wrap:wrap;padding:0;overflow:hidden}
.figures div{flex:1 1 220px;padding:12px 16px;box-shadow:0 0 0 .5px var(--line)}
.figures b{display:block;font:500 18px/1.4 "JetBrains Mono",ui-monospace,monospace;font-variant-numeric:tabular-nums}
.figures span{font-size:12px;color:var(--soft)}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(420px,1fr));gap:16px}
.pair section{margin:0}
.spread{margin-bottom:16px}
.spectra{display:grid;grid-template-columns:repeat(auto-fit,minmax(420px,1fr));gap:20px}
svg{display:block;width:100%;height:auto}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;font-size:12px;color:var(--soft);margin-bottom:4px}
.legend span{display:inline-flex;align-items:center;gap:6px}
.key{width:22px;height:10px}
table{border-collapse:collapse;width:100%;font-size:13px}
th{text-align:left;font-weight:500;color:var(--soft);padding:3px 12px 3px 0;white-space:nowrap;vertical-align:top}
td{padding:3px 12px 3px 0;font-family:"JetBrains Mono",ui-monospace,monospace;font-size:12px;overflow-wrap:anywhere}
td.answer{font-family:inherit;font-size:13px;white-space:pre-wrap}
tr+tr th,tr+tr td{border-top:1px solid var(--grid)}
.settings{display:grid;grid-template-columns:repeat(auto-fit,minmax(300px,1fr));gap:20px 32px}
.choice label{margin-left:12px}
.along{display:none}
body:has(#along-step:checked) .along.step,body:has(#along-epoch:checked) .along.epoch,body:has(#along-tokens:checked) .along.tokens,body:has(#along-seconds:checked) .along.seconds{display:block}
@supports not selector(:has(a)){.along.step{display:block}.choice{display:none}}
.note{color:var(--soft);font-size:13px;margin:8px 0 0}
.warning{color:var(--warning)}
footer{color:var(--soft);font-size:12px;text-align:center}
@media print{body{background:#fff}section{break-inside:avoid}}
)css";

}  // namespace weft
