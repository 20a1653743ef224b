// Package browsertest proves what a reader sees: its tests build the example
// organisation's site with the real program and drive a real headless Chromium over
// it, from a web server below a sub-path and from a folder on a disk. It contains
// tests only and must not know how pages are made: it looks at files and at what the
// browser shows.
//
// The tests need Chromium, and axe-core in node_modules; setup.sh installs both.
// Without them the tests that need them are skipped with a loud message, and fail
// where CI=true is set. SIGNPOST_BROWSER names another browser to use, and
// SIGNPOST_SCREENSHOTS a folder for pictures of every kind of page.
package browsertest
