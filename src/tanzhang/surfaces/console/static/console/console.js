// The little that moves in the console: light and dark, the menu on narrow screens, "/" to search.
(() => {
  "use strict";
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  function wanted() {
    return localStorage.getItem("theme") || "auto";
  }

  function paint() {
    const dark = wanted() === "dark" || (wanted() === "auto" && system.matches);
    root.classList.toggle("dark", dark);
    for (const button of document.querySelectorAll("[data-theme]")) {
      button.setAttribute("aria-pressed", String(button.dataset.theme === wanted()));
    }
  }

  paint(); // before the body is drawn, so that nothing flashes
  system.addEventListener("change", paint);

  document.addEventListener("DOMContentLoaded", () => {
    paint();
    for (const button of document.querySelectorAll("[data-theme]")) {
      button.addEventListener("click", () => {
        localStorage.setItem("theme", button.dataset.theme);
        paint();
      });
    }
    const menu = document.querySelector("[data-menu]");
    menu?.addEventListener("click", () => {
      const open = document.body.classList.toggle("tz-menu-open");
      menu.setAttribute("aria-expanded", String(open));
    });
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest("input, textarea, select");
      if (event.key === "/" && !typing) {
        event.preventDefault();
        document.getElementById("tz-find")?.focus();
      }
      if (event.key === "Escape") {
        document.body.classList.remove("tz-menu-open");
        menu?.setAttribute("aria-expanded", "false");
      }
    });
  });
})();
