(() => {
  const all = () => document.querySelectorAll("details");
  const open = (state) => all().forEach((d) => { d.open = state; });
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let e = target; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
    if (target) target.scrollIntoView();
  };
  document.getElementById("open-all").addEventListener("click", () => open(true));
  document.getElementById("close-all").addEventListener("click", () => open(false));
  document.getElementById("controls").hidden = false;
  addEventListener("hashchange", reveal);
  let before = [];
  addEventListener("beforeprint", () => { before = [...all()].filter((d) => !d.open); open(true); });
  addEventListener("afterprint", () => before.forEach((d) => { d.open = false; }));
  reveal();
})();
