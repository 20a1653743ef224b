// Package source reads the files of a catalog: it walks a folder without ever
// leaving it, and turns YAML into Nodes that know their places.
//
// Everything it reads is taken to be hostile. Decode checks size, encoding and
// invisible characters before the YAML library sees a byte, then walks the
// library's node tree once and within Limits, giving the value JSON would give
// and the place of every part. A bad file gives one finding that says what is
// wrong, where, and what to write instead.
//
// The package knows nothing of schemas, kinds or entities, and no type of the
// YAML library appears in what it exports.
package source
