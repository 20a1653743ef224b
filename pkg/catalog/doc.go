// Package catalog is the domain: typed entities, the references between them
// and the questions that everything else asks of the two (who owns this, what
// depends on it, who is a member).
//
// Load reads a tree of descriptors into a Catalog. From then on a Catalog is
// read-only, so it needs no lock. The package does not judge: what is wrong with
// a catalog's meaning (an owner who left, a cycle) is the business of package
// check, which finds here what it needs: values with their places, references
// with or without a target, and the names that occur twice. It knows nothing of
// documents, live facts, pages or flags.
package catalog
