// What scrolls inside itself can be reached by keyboard: code and tables that are too wide here.
function reach() {
  document.querySelectorAll(".highlight pre, .table-wrapper, .formula").forEach((box) => {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  });
}
addEventListener("DOMContentLoaded", reach);
addEventListener("resize", reach);
