#!/bin/sh
# Make sure that a Chromium and Hangul fonts are there for the browser tests; say so where that cannot be done.
set -u
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "Installing Chromium and Hangul fonts for the browser tests ..."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null
    exit $?
fi
echo "No Chromium here, and installing one needs your password: the browser tests will be skipped." >&2
echo "To run them: sudo apt-get install chromium fonts-noto-cjk (or install Google Chrome)." >&2
exit 0
