package education

// network is a flow network in which the cheapest flow is looked for. Its arcs come in pairs: an arc and, for
// what flows through it, the way back.
//
// The flow is grown along cheapest paths as long as one of them costs less than nothing (successive shortest
// paths, found after Bellman and Ford, as costs may be negative). For whole capacities this gives a cheapest
// flow in whole units: Ahuja, Magnanti, Orlin, "Network Flows" (1993), chapter 9.
type network struct {
	first []int32 // for each node, its last arc; -1 for none
	arcs  []arc
	cost  []int64
	by    []int32 // the arc by which the cheapest path comes to a node
	queue []int32
	wait  []bool
}

type arc struct {
	to, next int32
	left     int // capacity that is left
	cost     int64
}

const endless = 1 << 40

// dear is what no path costs.
const dear = int64(1) << 60

func (w *network) reset(nodes int) {
	w.arcs = w.arcs[:0]
	if cap(w.first) < nodes {
		w.first, w.cost, w.by, w.wait = make([]int32, nodes), make([]int64, nodes), make([]int32, nodes), make([]bool, nodes)
	}
	w.first, w.cost, w.by, w.wait = w.first[:nodes], w.cost[:nodes], w.by[:nodes], w.wait[:nodes]
	for i := range w.first {
		w.first[i] = -1
	}
}

// arc adds an arc and returns its place, from which through tells what flows.
func (w *network) arc(from, to, capacity int, cost int64) int {
	w.arcs = append(w.arcs, arc{int32(to), w.first[from], capacity, cost}, arc{int32(from), w.first[to], 0, -cost})
	w.first[from], w.first[to] = int32(len(w.arcs)-2), int32(len(w.arcs)-1)
	return len(w.arcs) - 2
}

// through returns what flows through an arc.
func (w *network) through(arc int) int { return w.arcs[arc^1].left }

// fill sends from node 0 to node 1 what is cheaper than nothing.
func (w *network) fill() {
	for w.cheapest() && w.cost[1] < 0 {
		most := endless
		for n := int32(1); n != 0; n = w.arcs[w.by[n]^1].to {
			most = min(most, w.arcs[w.by[n]].left)
		}
		for n := int32(1); n != 0; n = w.arcs[w.by[n]^1].to {
			w.arcs[w.by[n]].left -= most
			w.arcs[w.by[n]^1].left += most
		}
	}
}

// cheapest finds the cheapest path from node 0 to all others; false if node 1 cannot be reached.
func (w *network) cheapest() bool {
	for i := range w.cost {
		w.cost[i] = dear
	}
	w.cost[0] = 0
	w.queue = append(w.queue[:0], 0)
	for i := 0; i < len(w.queue); i++ {
		n := w.queue[i]
		w.wait[n] = false
		for a := w.first[n]; a >= 0; a = w.arcs[a].next {
			to, cost := w.arcs[a].to, w.cost[n]+w.arcs[a].cost
			if w.arcs[a].left == 0 || cost >= w.cost[to] {
				continue
			}
			w.cost[to], w.by[to] = cost, a
			if !w.wait[to] {
				w.wait[to] = true
				w.queue = append(w.queue, to)
			}
		}
	}
	return w.cost[1] < dear
}
