#!/usr/bin/env python3
"""The page of `polyabi check --html` in a headless Chromium: what it shows, how it sorts and filters, by keys alone, at a phone's
width, in light and in dark, with names of files that would be markup.

    page.py POLYABI FOLDER-OF-PROGRAMS [--screenshots FOLDER]

Skipped (77) where there is no Chromium.
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import browser

SKIPPED = 77
HOSTILE = [
    b"<img src=x onerror=alert(1)>",
    b"a\"b'c&amp;d",
    b"'><script>alert(2)<",
    b"not \xff\xfe utf-8 \xc0\xaf",
    b"line\nbreak \x1b[31m",
    "right \u202e to left".encode(),
    b"-->]]><!--",
    b"{} {0} %s",
]

# What is drawn too weakly to be read: text whose contrast with what lies behind it is under 4.5 (WCAG 2.1, 1.4.3).
WEAK = """(() => {
  const parts = (color) => color.match(/[0-9.]+/g).map(Number);
  const light = (c) => { const [r, g, b] = c.map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
                         return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const behind = (e) => { for (; e; e = e.parentElement) { const c = parts(getComputedStyle(e).backgroundColor);
                          if (c.length === 3 || c[3] === 1) return c; } return [255, 255, 255]; };
  const weak = [];
  for (const e of document.querySelectorAll("body *")) {
    const hasText = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim() !== "");
    if (!hasText || e.closest("script, style") || e.disabled || e.closest(":disabled") || e.getClientRects().length === 0) continue;
    const [a, b] = [light(parts(getComputedStyle(e).color).slice(0, 3)), light(behind(e))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) weak.push(`${e.tagName}.${e.className}: ${e.textContent.slice(0, 40)}`);
  }
  return weak;
})()"""

failures = []


def check(what, is_right, seen=""):
    if not is_right:
        failures.append(f"{what}{': ' if seen != '' else ''}{seen}")


def equal(what, seen, wanted):
    check(what, seen == wanted, f"{seen!r}, not {wanted!r}")


def make_programs(folder, programs):
    plain = programs / "check_like_go"
    shutil.copy(programs / "check_asks", folder / "asks")
    for name in HOSTILE:
        shutil.copy(plain, os.path.join(os.fsencode(folder), name))
    image = (programs / "check_with_library").read_bytes()
    (folder / "without-library").write_bytes(image.replace(b"libc.so.6\0", b"<b>&\"</b>\0"[:9] + b"\0"))
    (folder / "no-program").write_text("text\n")
    (folder / "script").write_text("#!/no/such/<i>interpreter\n")
    (folder / "in").mkdir()
    (folder / "in" / "back").symlink_to(folder)


def visible(page):
    return page.value("[...document.querySelectorAll('tbody tr')].filter((r) => !r.hidden).map((r) => r.dataset.program)")


def look(page, folder, screenshots):
    url = f"file://{folder}/report.html"
    page.size(1200, 900)
    page.open(url)
    names = visible(page)
    equal("rows", len(names), len(HOSTILE) + 3)
    equal("elements that files made", page.value("document.querySelectorAll('img, i, b:not(.verdicts b):not(.ways b), table script').length"), 0)
    equal("scripts", page.value("document.scripts.length"), 1)
    for name in ("<img src=x onerror=alert(1)>", "a\"b'c&amp;d", "'><script>alert(2)<", "not \\xff\\xfe utf-8 \\xc0\\xaf",
                 "line\\x0abreak \\x1b[31m", "-->]]><!--", "{} {0} %s"):
        check("a name is shown as it is", name in names, f"{name!r} in {names}")
    text = page.value("document.querySelector('main').innerText")
    check("the missing library's name", "<b>&\"</b>" in text)
    check("what is no program is counted", "1 other file " in page.value("document.querySelector('header').innerText"))
    equal("the gravest come first", page.value("document.querySelector('tbody tr').dataset.name"), "fails")

    # By keys alone, from the top of the page.
    reached = []
    for _ in range(40):
        page.press("Tab")
        reached.append(page.value("(document.activeElement.id || document.activeElement.value || document.activeElement.tagName + ' ' + document.activeElement.textContent)"))
    for one in ("works", "fails", "search", "BUTTON Program", "BUTTON Verdict", "SUMMARY nothing that matters is missing"):
        check("reached by Tab", one in reached, f"{one} in {reached}")
    focus = "document.querySelector({!r}).focus()".format
    page.value(focus("[data-column=program] button"))
    page.press("Enter")
    equal("sorted by program", page.value("document.querySelector('[data-column=program]').ariaSort"), "ascending")
    up = visible(page)
    page.press("Enter")
    equal("and the other way", visible(page), up[::-1])
    page.value(focus(".verdicts [value=fails]"))
    page.press(" ")
    equal("only those that fail", sorted(visible(page)), ["script", "without-library"])
    equal("pressed", page.value("document.querySelector('.verdicts [value=fails]').ariaPressed"), "true")
    address = page.value("location.hash")
    page.press(" ")
    equal("all again", len(visible(page)), len(names))
    page.press("/")
    page.type("ONERROR=")
    equal("what was searched for", visible(page), ["<img src=x onerror=alert(1)>"])
    equal("how many", page.value("document.getElementById('shown').textContent"), f"1 of {len(names)} shown")
    page.type("nowhere")
    equal("none", page.value("document.getElementById('nothing').hidden"), False)
    page.press("Escape")
    equal("Escape clears", len(visible(page)), len(names))
    page.value(focus(".ways button"))
    page.press("Enter")
    equal("the programs that would miss a call", visible(page), ["asks"])
    page.value(focus("#clear"))
    page.press("Enter")
    equal("all once more", len(visible(page)), len(names))
    page.value(focus("tbody summary"))
    page.press("Enter")
    equal("details open", page.value("document.querySelectorAll('details[open]').length"), 1)
    page.open("about:blank")
    page.open(url + address)
    equal("an address keeps what was chosen", sorted(visible(page)), ["script", "without-library"])
    page.open("about:blank")
    page.open(url + "#sort=nonsense&verdict=%3Cb%3E&find=%22")
    equal("any address is taken", page.value("document.getElementById('shown').textContent"), f"0 of {len(names)} shown")

    for scheme in ("light", "dark"):
        page.scheme(scheme)
        page.size(1200, 900)
        page.open("about:blank")
        page.open(url)
        page.value("document.querySelectorAll('details').forEach((d) => d.open = true)")
        equal(f"too weak to be read in {scheme}", page.value(WEAK), [])
        if screenshots:
            page.screenshot(f"{screenshots}/{scheme}.png")
        for width in (360, 320):
            page.size(width, 740, True)
            widest = page.value("document.documentElement.scrollWidth")
            check(f"at {width} pixels nothing is cut off", widest <= width, widest)
        equal(f"too weak to be read on a phone in {scheme}", page.value(WEAK), [])
        if screenshots:
            page.screenshot(f"{screenshots}/{scheme}-phone.png")
    equal("errors of scripts", page.errors, [])
    equal("loads nothing but itself", sorted({r.split("#")[0] for r in page.requests} - {url, "about:blank"}), [])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tool")
    parser.add_argument("programs", type=pathlib.Path)
    parser.add_argument("--screenshots")
    options = parser.parse_args()
    path = browser.installed()
    if path is None:
        print("no Chromium here: the page is not looked at (install Debian's chromium)")
        return SKIPPED
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        (work / "programs").mkdir()
        make_programs(work / "programs", options.programs)
        made = subprocess.run([options.tool, "check", "--html", work / "report.html", work / "programs"], capture_output=True)
        equal("exit status", made.returncode, 2)
        equal("lines without a terminal", made.stderr.count(b"\n"), len(HOSTILE) + 3)
        with browser.Browser(path) as page:
            look(page, work, options.screenshots)
    for failure in failures:
        print("FAILED:", failure)
    print(f"{len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
