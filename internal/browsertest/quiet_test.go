package browsertest

import (
	"strings"
	"testing"
)

// Every kind of page is quiet, from a server and from a disk: no error, no warning, no
// breach of the policy, no request that fails or goes elsewhere. The tabs of all other
// tests watch for the same; this one goes everywhere and makes every script load.
func TestPagesAreQuiet(t *testing.T) {
	for _, disk := range []bool{false, true} {
		from := "server"
		if disk {
			from = "disk"
		}
		t.Run(from, func(t *testing.T) {
			t.Parallel()
			b := newTab(t, view{disk: disk})
			for _, k := range pageKinds {
				if disk && k.name == "not-found" {
					continue // has rooted links, for servers
				}
				b.visit(k)
				if k.act == nil {
					b.openPalette()
					b.ask("pay")
					b.escapeDialog()
				}
				eval[bool](b, `(scrollTo(0, document.body.scrollHeight), true)`)
				b.settle()
				b.quiet()
			}
		})
	}
}

// The watch itself works: a tab notes what a bad page does.
func TestTabsNoteWhatIsWrong(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	b.open("index.html")
	eval[bool](b, `(() => {
		console.error("an error of the test");
		setTimeout(() => { throw new Error("an exception of the test") });
		document.body.append(Object.assign(document.createElement("img"), { src: "https://elsewhere.example/x.png" }));
		document.body.append(Object.assign(document.createElement("img"), { src: "not-there.svg" }));
		try { document.body.innerHTML += "<p>"; } catch {}
		return true;
	})()`)
	b.wait("the errors", `document.images.length === 2 && document.images[1].complete`)
	b.settle()
	b.mu.Lock()
	defer b.mu.Unlock()
	noise := strings.Join(b.noise, "\n")
	for _, want := range []string{"an error of the test", "an exception of the test", "policy: img-src https://elsewhere.example/x.png", "answer 404: ", "policy: require-trusted-types-for"} {
		if !strings.Contains(noise, want) {
			t.Errorf("nobody noted %q; noted was:\n%s", want, noise)
		}
	}
	b.noise = nil
}
