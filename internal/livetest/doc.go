// Package livetest tries the providers, all of them in one way, against live systems on
// loopback: ones that fail at the first, a middle or the last question in each of the ways
// of the shared list of faults, ones that are slow, and ones that are made of the
// descriptions which the systems publish and refuse what these do not allow. It contains
// tests only.
//
// The faults and the descriptions are in SIGNPOST_TESTDATA; what serves a description,
// prism, is in node_modules, where setup.sh installs it. Without them the tests that need
// them are skipped with a loud message.
package livetest
