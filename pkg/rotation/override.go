package rotation

import (
	"container/heap"
	"slices"
	"sort"
	"time"
)

// standIn is a stretch of time in which one override decides.
type standIn struct {
	from, to     time.Time
	person, note string
	override     int // index in the list
}

// find returns the index of the first stand-in that ends after t.
func find(stand []standIn, t time.Time) int {
	return sort.Search(len(stand), func(i int) bool { return stand[i].to.After(t) })
}

// standIns lays the overrides over one another: in order of time, none before
// the rotation's start, and none overlapping. It sweeps over the instants at which
// an override begins or ends and keeps those in force in a heap, so that many
// overrides at once cost no more than sorting them.
func (r *Rotation) standIns() []standIn {
	order := r.effective()
	var edges []time.Time
	for _, i := range order {
		edges = append(edges, r.beginning(i), r.Overrides[i].To)
	}
	slices.SortFunc(edges, time.Time.Compare)
	edges = slices.CompactFunc(edges, time.Time.Equal)

	var stand []standIn
	var inForce latestFirst
	for e := range edges {
		for len(order) > 0 && !r.beginning(order[0]).After(edges[e]) {
			heap.Push(&inForce, order[0])
			order = order[1:]
		}
		for len(inForce) > 0 && !r.Overrides[inForce[0]].To.After(edges[e]) {
			heap.Pop(&inForce)
		}
		if len(inForce) > 0 {
			// Whatever is in force ends at an edge, so there is a next one.
			stand = r.extend(stand, inForce[0], edges[e], edges[e+1])
		}
	}
	return stand
}

// effective returns the indices of the overrides that have an effect, in the
// order in which they begin.
func (r *Rotation) effective() []int {
	var order []int
	for i, o := range r.Overrides {
		if r.beginning(i).Before(o.To) && o.Person != "" {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return r.beginning(a).Compare(r.beginning(b)) })
	return order
}

func (r *Rotation) beginning(override int) time.Time {
	if from := r.Overrides[override].From; from.After(r.Start) {
		return from
	}
	return r.Start
}

// extend adds a stretch, or lengthens the last if the same override goes on.
func (r *Rotation) extend(stand []standIn, override int, from, to time.Time) []standIn {
	if last := len(stand) - 1; last >= 0 && stand[last].override == override && stand[last].to.Equal(from) {
		stand[last].to = to.In(r.Zone)
		return stand
	}
	o := r.Overrides[override]
	return append(stand, standIn{from.In(r.Zone), to.In(r.Zone), o.Person, o.Note, override})
}

// latestFirst is a heap of overrides with the last of the list on top.
type latestFirst []int

func (h latestFirst) Len() int           { return len(h) }
func (h latestFirst) Less(i, j int) bool { return h[i] > h[j] }
func (h latestFirst) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *latestFirst) Push(x any)        { *h = append(*h, x.(int)) }

func (h *latestFirst) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	*h = (*h)[:last]
	return x
}
