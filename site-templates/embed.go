// Package sitetemplates holds the look of the site: html/template files, styles,
// scripts and icons. It contains no logic; package site parses and draws it, and
// users may put files of their own over any of these.
package sitetemplates

import "embed"

// FS is the folder: base.html, parts, pages, css, ts and icons.
//
//go:embed base.html parts pages css ts icons
var FS embed.FS
