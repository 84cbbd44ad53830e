#!/usr/bin/env bash
# SVGO 4.1.0, sharp 0.35.5 (librsvg), @resvg/resvg-js 2.6.2 and @napi-rs/canvas 1.1.1 (Skia; all npm, Node.js 20): an
# image of managed login that follows the reader's light or dark mode by itself, `FAVICON_SVG` with `ColorMode:
# DYNAMIC`, made smaller by SVGO with its default plugins, and painted for `FAVICON_ICO`. Four valid spellings of the
# same: a class, custom properties, `light-dark()`, and an attribute for the light colour with a rule for the dark one;
# and a fifth with `media` on the style element.
#
# Guess: SVGO keeps what is in `@media`. What paints such an image, without a reader's mode, paints the light colour.
# Behaviour: SVGO writes the light colour into a `style` attribute, which no rule can override, and then removes the
#   class and the dark rule, as nothing uses it (svg/svgo, issue 1834). With custom properties it leaves the dark rule,
#   and the attribute wins all the same. Of `media` on the style element it makes the dark colour for everybody. Only
#   `light-dark()` and the attribute come through. sharp and resvg paint custom properties and `light-dark()` black, and
#   with `media` on the element the dark colour, white. Skia paints the light colour each time. Nothing is reported, and
#   each result is a valid image: an icon that does not follow the mode, or is white on white.
#   The spelling that all four understand has the light colour as an attribute, `fill="#0057b8"`, and in the style
#   element nothing but `@media (prefers-color-scheme:dark)`. Two plain images, with `ColorMode: LIGHT` and `DARK`, need
#   none of this. Which parts of an SVG Cognito removes or refuses is not documented.
# Output seen:
#   a class, SVGO: <path style="fill:#0057b8"/>
#   a class, sharp, resvg, Skia: #0057b8 #0057b8 #0057b8
#   custom properties, SVGO: style="--mark:#0057b8" dark {:root{--mark:#fff}} <path style="fill:var(--mark)"/>
#   custom properties, sharp, resvg, Skia: #000000 #000000 #0057b8
#   light-dark(), SVGO: style="color-scheme:light dark" <path style="fill:light-dark(#0057b8,#fff)"/>
#   light-dark(), sharp, resvg, Skia: #000000 #000000 #0057b8
#   an attribute, SVGO: dark {.mark{fill:#fff}} <path fill="#0057b8" class="mark"/>
#   an attribute, sharp, resvg, Skia: #0057b8 #0057b8 #0057b8
#   media on the element, SVGO: <path style="fill:#fff"/>
#   media on the element, sharp, resvg, Skia: #ffffff #ffffff #0057b8
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund svgo@4.1.0 sharp@0.35.5 @resvg/resvg-js@2.6.2 @napi-rs/canvas@1.1.1

cat >paint.mjs <<'JS'
import { createCanvas, loadImage } from "@napi-rs/canvas";
import { Resvg } from "@resvg/resvg-js";
import sharp from "sharp";
import { optimize } from "svgo";

const DARK = "@media (prefers-color-scheme:dark)";
const START = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">';
const D = 'd="M0 0h64v64H0z"';
const images = {
  "a class": `<style>.mark{fill:#0057b8}${DARK}{.mark{fill:#fff}}</style><path class="mark" ${D}/>`,
  "custom properties":
    `<style>:root{--mark:#0057b8}${DARK}{:root{--mark:#fff}}path{fill:var(--mark)}</style><path ${D}/>`,
  "light-dark()": `<style>:root{color-scheme:light dark}path{fill:light-dark(#0057b8,#fff)}</style><path ${D}/>`,
  "an attribute": `<style>${DARK}{.mark{fill:#fff}}</style><path class="mark" fill="#0057b8" ${D}/>`,
  "media on the element":
    `<style media="(prefers-color-scheme:dark)">.mark{fill:#fff}</style><path class="mark" fill="#0057b8" ${D}/>`,
};
// The colour in the middle of a picture in PNG.
const middle = async (png) => {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const pixel = (info.height / 2) * info.width + info.width / 2;
  return `#${data.subarray(3 * pixel, 3 * pixel + 3).toString("hex")}`;
};
const skia = async (svg) => {
  const canvas = createCanvas(64, 64);
  canvas.getContext("2d").drawImage(await loadImage(Buffer.from(svg)), 0, 0, 64, 64);
  return canvas.toBuffer("image/png");
};
for (const [name, content] of Object.entries(images)) {
  const svg = `${START}${content}</svg>`;
  const [, start, smaller] = optimize(svg).data.match(/^<svg(.*?)>(.*)<\/svg>$/);
  const style = start.match(/style="[^"]*"/)?.[0] ?? "";
  const shown = smaller.replace(` ${D}`, "").replace(`<style>${DARK}{`, "dark {").replace("</style>", " ");
  console.log(`${name}, SVGO: ${[style, shown].filter(Boolean).join(" ")}`);
  const painted = [await middle(Buffer.from(svg)), await middle(new Resvg(svg).render().asPng())];
  console.log(`${name}, sharp, resvg, Skia: ${painted.join(" ")} ${await middle(await skia(svg))}`);
}
JS
node paint.mjs | tee seen

diff - seen <<'EXPECTED'
a class, SVGO: <path style="fill:#0057b8"/>
a class, sharp, resvg, Skia: #0057b8 #0057b8 #0057b8
custom properties, SVGO: style="--mark:#0057b8" dark {:root{--mark:#fff}} <path style="fill:var(--mark)"/>
custom properties, sharp, resvg, Skia: #000000 #000000 #0057b8
light-dark(), SVGO: style="color-scheme:light dark" <path style="fill:light-dark(#0057b8,#fff)"/>
light-dark(), sharp, resvg, Skia: #000000 #000000 #0057b8
an attribute, SVGO: dark {.mark{fill:#fff}} <path fill="#0057b8" class="mark"/>
an attribute, sharp, resvg, Skia: #0057b8 #0057b8 #0057b8
media on the element, SVGO: <path style="fill:#fff"/>
media on the element, sharp, resvg, Skia: #ffffff #ffffff #0057b8
EXPECTED
echo 'as found'
