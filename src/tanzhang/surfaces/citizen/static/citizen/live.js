/* Asks twice a second, while the page is seen, whether there is anything new; see docs/decisions. */
(function () {
  "use strict";
  var EVERY = 500, LONGEST = 30000;
  var wait = EVERY, timer = 0, busy = false;

  function box() {
    return document.querySelector("[data-live]");
  }

  function say(text) {
    var news = document.querySelector("[data-live-news]");
    if (news && text) news.textContent = text;
  }

  function records(root) {
    return Array.prototype.map.call(root.querySelectorAll(".cell a[href]"), function (link) {
      return link.getAttribute("href");
    });
  }

  /* Puts the fresh part in place; what was open stays open, and the focus stays where it was. */
  function show(html) {
    var old = box(), known = records(old), active = document.activeElement;
    var fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-live]");
    if (!fresh) return;
    var place = old.contains(active) && active.getAttribute("href");
    old.querySelectorAll("details").forEach(function (details, number) {
      var same = fresh.querySelectorAll("details")[number];
      if (same) same.open = details.open;
    });
    fresh.querySelectorAll(".cell a[href]").forEach(function (link) {
      if (known.indexOf(link.getAttribute("href")) < 0) link.parentElement.classList.add("fresh");
    });
    old.replaceWith(fresh);
    if (place) {
      var again = fresh.querySelector('a[href="' + place + '"]');
      if (again) again.focus({ preventScroll: true });
    }
    if (fresh.dataset.latest !== old.dataset.latest) say(fresh.dataset.news);
  }

  function ask() {
    var part = box();
    if (!part || busy || document.hidden) return;
    var address = new URL(part.dataset.live, location.href);
    address.searchParams.set("stamp", part.dataset.stamp);
    busy = true;
    fetch(address, { credentials: "same-origin", cache: "no-store" })
      .then(function (answer) {
        if (answer.status === 401) throw answer;
        if (!answer.ok) throw new Error(answer.status);
        wait = EVERY;
        return answer.status === 204 ? "" : answer.text().then(show);
      })
      .catch(function (fault) {
        wait = fault.status === 401 ? 0 : Math.min(wait * 2, LONGEST);
      })
      .then(function () {
        busy = false;
        if (wait) timer = setTimeout(ask, wait);
      });
  }

  document.addEventListener("visibilitychange", function () {
    clearTimeout(timer);
    if (!document.hidden && wait) ask();
  });
  timer = setTimeout(ask, EVERY);
})();
