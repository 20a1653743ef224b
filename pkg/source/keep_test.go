package source

import (
	"reflect"
	"testing"

	"github.com/signpost-dev/signpost/pkg/cache"
)

// What was kept comes back with every place, and damage is noticed.
func TestKeepAndRecall(t *testing.T) {
	for _, text := range []string{
		descriptor, "a: 1\n", "- [x, {y: é}]\n- |\n  block\n  text\n- ~\n", "plain", "a: &x {b: c}\nd: *x\n",
	} {
		docs, ds := Decode("f.yaml", []byte(text), ImportLimits)
		if len(docs) != 1 || len(ds) != 0 {
			t.Fatalf("%q: %v", text, ds)
		}
		var e cache.Encoder
		docs[0].Root.Keep(&e)
		d := cache.Decoder{Data: string(e.Data)}
		got := Recall(&d, "f.yaml")
		if d.Err != nil || d.Data != "" || !reflect.DeepEqual(got, docs[0].Root) {
			t.Errorf("%q: came back otherwise (%v)", text, d.Err)
		}
		for n := range e.Data {
			d := cache.Decoder{Data: string(e.Data[:n])}
			if Recall(&d, "f.yaml"); d.Err == nil {
				t.Errorf("%q cut at %d: no error", text, n)
			}
		}
	}
	var e cache.Encoder
	(*Node)(nil).Keep(&e)
	if d := (cache.Decoder{Data: string(e.Data)}); Recall(&d, "f") != nil || d.Err != nil {
		t.Error("nothing came back as something")
	}
}
