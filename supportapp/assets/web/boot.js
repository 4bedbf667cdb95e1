// What a person sees while the app starts and while its server is away; also sets up the web client.
// Loaded before anything else of the page, so that every connection of the client passes through here.
"use strict";

(() => {
  const script = document.currentScript;
  const base = script.dataset.base;
  const words = JSON.parse(document.getElementById("boot-words").textContent);
  const PATIENCE_MS = 30000; // then offer to load the page again
  const SETTLE_MS = 4000; // the longest wait for content once the server has answered

  window.flet = {
    pyodide: false,
    multiView: false,
    noCdn: true,
    webSocketEndpoint: script.dataset.socket,
    entrypointBaseUrl: base,
    assetBase: base,
    routeUrlStrategy: "path",
    canvasKitBaseUrl: base + "canvaskit/",
    fontFallbackBaseUrl: base + "fallback/",
    webRenderer: "auto",
  };
  window.flet.flutterAppLoaded = new Promise((resolve) => {
    window.flet.flutterAppResolve = resolve;
  });

  // The app keeps a person's choices in the browser with its own preferences store.
  function kept(name) {
    for (const key of ["flutter.supportapp." + name, "supportapp." + name]) {
      try {
        const text = window.localStorage.getItem(key);
        if (text !== null) {
          try {
            return JSON.parse(text);
          } catch {
            return text;
          }
        }
      } catch {
        return null; // storage is switched off in this browser
      }
    }
    return null;
  }

  let state = "starting";
  let since = Date.now();
  let leaving = false;
  let cutOff = false; // by the server, because far too much was sent
  let timer = 0;
  let engineStarted = false;

  const part = (id) => document.getElementById(id);

  function language() {
    const chosen = kept("language");
    return chosen in words ? chosen : "ja";
  }

  function look() {
    const chosen = kept("look");
    if (["light", "dark", "contrast_light", "contrast_dark"].includes(chosen)) {
      return chosen;
    }
    return "light";
  }

  function savedSentence(say) {
    const moment = new Date(kept("saved_at"));
    if (!kept("saved_at") || Number.isNaN(moment.getTime())) {
      return "";
    }
    const time = moment.toLocaleTimeString(language(), { hour: "2-digit", minute: "2-digit" });
    return say.saved.replace("{time}", time).replace("{what}", kept("saved_what") || "");
  }

  function draw() {
    const screen = part("boot");
    if (!screen) {
      return;
    }
    const root = document.documentElement;
    root.lang = language();
    root.dataset.look = look();
    root.style.setProperty("--scale", String((Number(kept("text_percent")) || 100) / 100));
    const say = words[language()];
    const lost = state === "lost";
    const slow = Date.now() - since > PATIENCE_MS;
    part("boot-title").textContent = lost ? say.lost_title : say.starting_title;
    part("boot-text").textContent = lost ? (cutOff ? say.cut_text : say.lost_text) : slow ? say.slow_text : say.starting_text;
    const saved = lost ? savedSentence(say) : "";
    part("boot-saved").textContent = saved;
    part("boot-saved").hidden = saved === "";
    part("boot-again").textContent = say.again;
    part("boot-again").hidden = !slow;
    screen.hidden = state === "ready";
    const app = document.querySelector("flutter-view");
    if (app) {
      app.inert = state !== "ready"; // neither a tap nor a screen reader reaches what is behind
    }
  }

  function turn(next) {
    if (state !== next) {
      state = next;
      since = Date.now();
      clearInterval(timer);
      if (next !== "ready") {
        timer = setInterval(draw, 1000);
      }
    }
    draw();
  }

  // Content has come when the tree for screen readers holds more than the client's own waiting text.
  function contentIsThere() {
    for (const node of document.querySelectorAll("flt-semantics, flt-semantics span")) {
      const text = node.getAttribute("aria-label") || (node.children.length ? "" : node.textContent);
      if (text && !text.startsWith("Working")) {
        return true;
      }
    }
    return false;
  }

  function waitForContent(socket) {
    const start = Date.now();
    const look = () => {
      if (socket.readyState !== WebSocket.OPEN || state === "ready") {
        return;
      }
      if ((engineStarted && contentIsThere()) || Date.now() - start > SETTLE_MS) {
        turn("ready");
      } else {
        setTimeout(look, 60);
      }
    };
    // After a restart the old tree stands for a moment longer: look only when the client has redrawn.
    setTimeout(look, state === "lost" ? 300 : 0);
  }

  // Every connection of the client is watched: gone means "not connected" at once, before another tap is lost.
  class WatchedSocket extends WebSocket {
    constructor(...details) {
      super(...details);
      this.addEventListener("message", () => waitForContent(this), { once: true });
      this.addEventListener("close", (event) => {
        cutOff = event.code === 1008;
        if (!leaving) {
          turn(engineStarted ? "lost" : "starting");
        }
      });
    }
  }
  window.WebSocket = WatchedSocket;

  // Flutter draws on a canvas; the tree that screen readers and keyboards need is built once this is pressed.
  function switchSemanticsOn() {
    const button = document.querySelector("flt-semantics-placeholder");
    if (button) {
      button.click();
      return true;
    }
    return false;
  }

  // Enter that ends the composing of an input method, and the arrows that walk through its proposals, belong to the
  // input method alone.
  window.addEventListener(
    "keydown",
    (event) => {
      const ours = ["Enter", "ArrowUp", "ArrowDown"].includes(event.key);
      if (ours && (event.isComposing || event.keyCode === 229)) {
        event.stopImmediatePropagation();
      }
    },
    true,
  );

  // Tab follows the tree (field after field of a pane, then the next pane). Left to the engine it would go by lines
  // across the whole screen, from a field on the left to a button that happens to stand beside it on the right.
  window.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Tab" && !event.isComposing && !event.ctrlKey && !event.altKey) {
        event.stopImmediatePropagation();
      }
    },
    true,
  );

  const watcher = new MutationObserver(() => {
    if (switchSemanticsOn()) {
      watcher.disconnect();
    }
  });
  watcher.observe(document.documentElement, { childList: true, subtree: true });

  window.addEventListener("flutter-first-frame", () => {
    engineStarted = true;
    switchSemanticsOn();
  });
  window.addEventListener("pagehide", () => {
    leaving = true;
  });
  window.addEventListener("pageshow", (event) => {
    leaving = false;
    if (event.persisted) {
      window.location.reload(); // a page taken out of the back-forward cache has a dead connection
    }
  });
  window.addEventListener("offline", () => {
    const home = ["localhost", "127.0.0.1", "[::1]"].includes(window.location.hostname);
    if (!home && state === "ready") {
      turn("lost");
    }
  });
  window.addEventListener("online", () => {
    if (state === "lost") {
      draw();
    }
  });
  document.addEventListener("DOMContentLoaded", () => {
    part("boot-again").addEventListener("click", () => window.location.reload());
    timer = setInterval(draw, 1000);
    draw();
  });
})();
