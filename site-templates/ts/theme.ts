// Runs before anything is drawn, so that a page never flashes in the wrong colours.
(() => {
  const html = document.documentElement;
  html.dataset.js = "";
  try {
    const theme = localStorage.getItem("signpost.theme");
    if (theme === "light" || theme === "dark") html.dataset.theme = theme;
  } catch {
    // Storage may be forbidden; then the system's colours hold.
  }
})();
