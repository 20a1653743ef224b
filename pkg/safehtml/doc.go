// Package safehtml is the only maker of template.HTML in this module: what it
// returns is put on pages without further escaping.
//
// There are three ways in. Markdown passes rendered Markdown through an allow list
// of elements and attributes, and puts drawings into it; SVG builds drawings of our own element by element; Draw
// keeps what a template has drawn, for several pages. All know what may stand on a page and nothing of what it means: the package
// imports no other package of this module.
package safehtml
