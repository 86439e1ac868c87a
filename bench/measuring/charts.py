"""Charts as SVG, legible on light and dark pages."""
import math
from xml.sax.saxutils import escape

COLOURS = ["#1b6ca8", "#8fb8de", "#d1495b", "#edae49", "#66a182", "#7a5195", "#b07aa1", "#9c755f"]
STYLE = """<style>
.paper { fill: #ffffff } .ink { fill: #1f2328 } .axis { stroke: #1f2328 } .grid { stroke: #d8dee4 } .band { fill: #dafbe1 }
@media (prefers-color-scheme: dark) {
  .paper { fill: #0d1117 } .ink { fill: #e6edf3 } .axis { stroke: #e6edf3 } .grid { stroke: #30363d } .band { fill: #12361f }
}
</style>"""


def sheet(width, height, parts):
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11">',
                      STYLE, '<rect width="100%" height="100%" class="paper"/>', *parts, "</svg>\n"])


def text(x, y, words, anchor="start", more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" class="ink" text-anchor="{anchor}"{more}>{escape(words)}</text>'


def line(x1, y1, x2, y2, kind):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def bars(measured, systems, value):
    """Bars on a logarithmic scale, a group for each name: to the right of 1 is slower than the host."""
    names = [name for name, by_system in measured.items() if "host" in by_system]
    others = [system for system in systems[1:] if any(system in by_system for by_system in measured.values())]
    bar, gap, left, width = 7, 8, 190, 620
    ratios = {(n, s): value(measured[n][s]) / value(measured[n]["host"]) for n in names for s in others if s in measured[n]}
    low, high = -1, max(1, math.ceil(math.log10(max(ratios.values(), default=10))))
    group = bar * len(others) + gap
    height = group * len(names) + 60
    x_of = lambda r: left + width * (math.log10(max(r, 10 ** low)) - low) / (high - low)
    parts = []
    for power in range(low, high + 1):
        x = x_of(10.0 ** power)
        parts += [line(x, 30, x, height - 20, "axis" if power == 0 else "grid"), text(x, height - 6, f"{10.0 ** power:g}", "middle")]
    x = left
    for index, system in enumerate(others):
        parts += [f'<rect x="{x}" y="8" width="10" height="10" fill="{COLOURS[index % len(COLOURS)]}"/>', text(x + 14, 17, system)]
        x += 30 + 7 * len(system)
    for number, name in enumerate(names):
        y = 34 + number * group
        parts.append(text(left - 6, y + group / 2, name, "end"))
        for index, system in enumerate(others):
            if (name, system) not in ratios:
                continue
            start, end = sorted((x_of(1), x_of(ratios[name, system])))
            parts.append(f'<rect x="{start:.1f}" y="{y + index * bar}" width="{max(end - start, 1):.1f}" height="{bar - 1}" '
                         f'fill="{COLOURS[index % len(COLOURS)]}"/>')
    return sheet(max(left + width + 60, x), height, parts)


def growth(measured):
    """A small chart for each thing that grows: what a call costs, in parts of what it costs with the smallest. The band is 5 % to
    both sides of flat."""
    columns, wide, high, edge = 3, 250, 150, 34
    parts = []
    for index, (name, points) in enumerate(measured.items()):
        left, top = (index % columns) * (wide + 20) + edge, (index // columns) * (high + 20) + 10
        right, bottom = left + wide - edge, top + high - 24
        first, last = points[0][0], points[-1][0]
        most = max(1.5, max(cost for _, cost in points) / points[0][1] * 1.1)
        x_of = lambda size: left + (right - left) * math.log(size / first) / math.log(last / first)
        y_of = lambda ratio: bottom - (bottom - top - 18) * min(ratio, most) / most
        parts.append(f'<rect x="{left}" y="{y_of(1.05):.1f}" width="{right - left}" height="{y_of(0.95) - y_of(1.05):.1f}" class="band"/>')
        for ratio in (0, 1):
            parts += [line(left, y_of(ratio), right, y_of(ratio), "axis" if ratio == 0 else "grid"),
                      text(left - 4, y_of(ratio) + 4, str(ratio), "end")]
        places = [(x_of(size), y_of(cost / points[0][1])) for size, cost in points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{COLOURS[0]}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{COLOURS[0]}"/>' for x, y in places]
        parts += [text(x_of(size), bottom + 14, f"{size:,}", "middle") for size in (first, last)]
        parts.append(text((left + right) / 2, top + 8, name, "middle", ' font-weight="bold"'))
    rows = -(-len(measured) // columns)
    return sheet(columns * (wide + 20) + 10, rows * (high + 20) + 10, parts)
