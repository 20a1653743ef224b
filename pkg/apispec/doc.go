// Package apispec reads descriptions of interfaces (OpenAPI 3, AsyncAPI 2 and 3, GraphQL
// SDL, protobuf) into one model: what can be asked of it, with what, and what comes back.
//
// Whatever it reads is taken to be hostile, and is often wrong. No reference is followed
// to another host, none out of the tree, and everything has a limit. A mistake is a
// finding with its place and costs only what it is about: the rest is shown all the same.
//
// A [Spec] is all of a description, and large. What lists, plans and search need of it is
// its [Outline], which is kept from one run to the next. [Compare] says what changed
// between two, and whether that breaks whoever calls.
package apispec
