(() => {
  "use strict";
  const all = (selector, at = document) => Array.from(at.querySelectorAll(selector));
  const make = (name, properties, ...inner) => {
    const node = Object.assign(document.createElement(name), properties);
    node.append(...inner);
    return node;
  };
  const bar = document.getElementById("bar");
  const rows = all("#rows>.row");
  const one = bar.dataset.one;
  const open = (row, is) => { if (row.tagName === "DETAILS") row.open = is; };

  // A paragraph that the page has already is a link to the first one like it.
  for (const link of all("p>a[href^='#n']")) {
    link.replaceWith(...document.getElementById(link.hash.slice(1)).cloneNode(true).childNodes);
  }

  // What a row is found by: its line, the codes of its findings, and its settings by their whole paths.
  const path = (item) => {
    const own = item.querySelector(":scope>code")?.textContent ?? "";
    const outer = item.parentElement.closest("li");
    return outer ? path(outer) + (own.startsWith("[") ? "" : ".") + own : own;
  };
  const codes = (row) => all("a[href^='#c-'],b>a", row).map((link) => link.textContent);
  let index;
  const indexed = () => index ??= rows.map((row) => {
    const words = [row.firstElementChild.textContent, row.dataset.account ?? "", row.dataset.region ?? ""];
    return {
      row,
      text: words.concat(all("li", row).map(path), codes(row)).join("\n").toLowerCase(),
      codes: new Set(codes(row)),
    };
  });

  const query = make("input", { type: "search", id: "q", placeholder: "Filter by name, file, setting or code  ( / )" });
  query.setAttribute("aria-label", `Filter the ${one}s by name, file, setting or code`);
  const selects = [];
  const choice = (label, values, of) => {
    if (values.length < 2 && label !== "code") return null;
    if (values.length === 0) return null;
    const select = make("select", {}, make("option", { value: "", textContent: `Any ${label}` }));
    values.forEach((value) => select.append(make("option", { value, textContent: value })));
    select.setAttribute("aria-label", label);
    selects.push({ select, of });
    bar.append(select);
    return select;
  };
  const values = (of) => [...new Set(rows.flatMap(of))].filter(Boolean).sort();
  const shown = make("output", {});
  bar.append(query);
  const status = choice("status", values((row) => [row.dataset.status]), (entry) => [entry.row.dataset.status]);
  choice("Region", values((row) => [row.dataset.region]), (entry) => [entry.row.dataset.region]);
  choice("account", values((row) => [row.dataset.account]), (entry) => [entry.row.dataset.account]);
  choice("code", [...new Set(codes(document.getElementById("rows")))].sort(), (entry) => [...entry.codes]);
  const each = (text, is) => make("button", { type: "button", textContent: text, onclick: () => rows.forEach((row) => row.hidden || open(row, is)) });
  bar.append(each("Open all", true), each("Close all", false), shown);

  const buttons = all("#counts>li").map((item) => {
    const button = make("button", { type: "button" }, ...item.childNodes);
    button.onclick = () => {
      status.value = status.value === item.dataset.status ? "" : item.dataset.status;
      filter();
    };
    item.append(button);
    return [button, item.dataset.status];
  });
  const filter = () => {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    let number = 0;
    for (const entry of indexed()) {
      const is = words.every((word) => entry.text.includes(word))
        && selects.every(({ select, of }) => !select.value || of(entry).includes(select.value));
      entry.row.hidden = !is;
      number += is;
    }
    shown.textContent = `${number} of ${rows.length} ${one}${rows.length === 1 ? "" : "s"}`;
    for (const [button, value] of buttons) button.setAttribute("aria-pressed", String(status?.value === value));
  };
  query.oninput = filter;
  selects.forEach(({ select }) => select.onchange = filter);
  query.onkeydown = (event) => {
    if (event.key === "Escape") { query.value = ""; filter(); }
  };
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    query.focus();
  });

  // In a row that is opened, `:7` leads to that line of the file that its first link leads to.
  const line = document.getElementById("rows").dataset.line;
  const link = (row) => {
    const file = row.querySelector(":scope>div>p>a.p");
    if (!line || !file) return;
    for (const place of all("li>i", row)) {
      const last = place.lastChild;
      const found = last?.nodeType === Node.TEXT_NODE && /^(.*):(\d+)$/.exec(last.data);
      if (!found) continue;
      const to = make("a", { className: "p", href: file.href + line + found[2], textContent: `:${found[2]}` });
      to.setAttribute("aria-label", `line ${found[2]} of ${file.textContent}`);
      last.replaceWith(found[1], to);
    }
  };
  rows.forEach((row) => row.addEventListener("toggle", () => { if (row.open) link(row); }));

  // A link to a row opens it.
  const follow = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const row = document.getElementById(id) ?? document.getElementById("pool-" + id);
    if (!row || !rows.includes(row)) return;
    row.hidden = false;
    open(row, true);
    row.scrollIntoView();
  };
  addEventListener("hashchange", follow);
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = rows.filter((row) => row.tagName === "DETAILS" && !row.open && row.dataset.status !== "unchanged");
    closed.forEach((row) => open(row, true));
  });
  addEventListener("afterprint", () => closed.forEach((row) => open(row, false)));
  bar.hidden = rows.length < 2;
  if (rows.length === 1) open(rows[0], true);
  if (location.hash) follow();
})();
