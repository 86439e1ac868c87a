"use strict";
(() => {
  const table = document.querySelector("table"), body = table.tBodies[0], rows = [...body.rows];
  const search = document.getElementById("search"), order = document.getElementById("order");
  const shown = document.getElementById("shown"), nothing = document.getElementById("nothing"), clear = document.getElementById("clear");
  const verdicts = [...document.querySelectorAll(".verdicts button")], heads = [...table.tHead.rows[0].cells];
  const words = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
  const missed = new Map(rows.map((row) => [row, row.dataset.missed.toLowerCase()])); // what call: looks for
  const columns = heads.map((head) => head.dataset.column);
  const initial = { verdict: "", find: "", sort: "verdict", down: true };
  let state = { ...initial };

  // What is shown stands in the address, so that it can be kept and sent on.
  const read = () => {
    const from = new URLSearchParams(location.hash.slice(1));
    state = {
      verdict: from.get("verdict") ?? initial.verdict,
      find: from.get("find") ?? initial.find,
      sort: columns.includes(from.get("sort")) ? from.get("sort") : initial.sort,
      down: from.has("down") ? from.get("down") === "1" : initial.down,
    };
  };
  const write = () => {
    const to = new URLSearchParams();
    for (const name of ["verdict", "find"]) if (state[name] !== "") to.set(name, state[name]);
    if (state.sort !== initial.sort || state.down !== initial.down) {
      to.set("sort", state.sort);
      to.set("down", state.down ? "1" : "0");
    }
    history.replaceState(null, "", to.toString() === "" ? location.pathname + location.search : "#" + to);
  };

  const compare = new Intl.Collator("en", { numeric: true }).compare;
  const sort = () => {
    const value = (row) => row.dataset[state.sort];
    const by = (a, b) => (state.down ? -1 : 1) * compare(value(a), value(b)) || compare(a.dataset.program, b.dataset.program);
    body.append(...rows.sort(by));
  };
  const filter = () => {
    const wanted = state.find.toLowerCase().split(/\s+/).filter((word) => word !== "");
    let count = 0;
    for (const row of rows) {
      const fits = (state.verdict === "" || row.dataset.name === state.verdict) &&
        wanted.every((word) => word.startsWith("call:") ? missed.get(row).includes(`|${word.slice(5)}|`) : words.get(row).includes(word));
      row.hidden = !fits;
      count += fits;
    }
    shown.textContent = `${count} of ${rows.length} shown`;
    nothing.hidden = count !== 0;
    clear.disabled = state.verdict === "" && state.find === "";
  };
  const show = () => {
    for (const one of verdicts) one.setAttribute("aria-pressed", one.value === state.verdict);
    for (const head of heads)
      head.setAttribute("aria-sort", head.dataset.column !== state.sort ? "none" : state.down ? "descending" : "ascending");
    if (document.activeElement !== search) search.value = state.find;
    order.value = `${state.sort} ${state.down ? 1 : 0}`;
    sort();
    filter();
  };
  const change = (changes) => {
    Object.assign(state, changes);
    write();
    show();
  };

  for (const one of verdicts) one.addEventListener("click", () => change({ verdict: state.verdict === one.value ? "" : one.value }));
  for (const head of heads)
    head.querySelector("button").addEventListener("click", () => {
      const same = state.sort === head.dataset.column;
      change({ sort: head.dataset.column, down: same ? !state.down : head.dataset.down === "1" });
    });
  order.addEventListener("change", () => {
    const [column, down] = order.value.split(" ");
    change({ sort: column, down: down === "1" });
  });
  search.addEventListener("input", () => change({ find: search.value }));
  clear.addEventListener("click", () => {
    search.value = "";
    change({ verdict: "", find: "" });
    search.focus();
  });
  for (const one of document.querySelectorAll(".ways button"))
    one.addEventListener("click", () => {
      search.value = one.value;
      change({ verdict: "", find: one.value });
      table.scrollIntoView();
      search.focus({ preventScroll: true });
    });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      search.focus();
    } else if (event.key === "Escape" && typing === search) {
      search.value = "";
      change({ find: "" });
    }
  });
  addEventListener("hashchange", () => {
    read();
    show();
  });
  for (const one of document.querySelectorAll(".needs-script")) one.hidden = false;
  for (const one of verdicts) one.disabled = false;
  read();
  show();
})();
