package main

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/cyclos-go/passwords/internal/lifecycle"
)

// Sizes in pixels.
const (
	textSize   = 13.0
	lineHeight = 17.0
	apart      = 5.0  // the least between any two things
	legendTop  = 90.0 // the height of the title and the legend
	chartTop   = 36.0 // the height of the title of a chart
	arrowhead  = 16.0 // what a label leaves free of an arrow at each end
)

// drawing is a picture of which every place is known.
type drawing struct {
	height float64
	panels []panel
}

type panel struct {
	title  string
	frame  box
	nodes  []text
	arrows []drawnArrow
}

type text struct {
	box
	lines []string
}

type drawnArrow struct {
	known lifecycle.Known
	curve curve
	label text
	// beside is the way from the arrow to its label, zero for one on it.
	beside point
}

// draw puts the charts below each other. A label without a free place is an
// error.
func draw(charts []chart) (drawing, error) {
	d := drawing{height: legendTop}
	for _, c := range charts {
		p, err := c.draw(d.height)
		if err != nil {
			return drawing{}, err
		}
		d.panels = append(d.panels, p)
		d.height += p.frame.height + 2*apart
	}
	d.height += apart
	return d, nil
}

func (c chart) draw(top float64) (panel, error) {
	l, err := c.layout()
	if err != nil {
		return panel{}, err
	}
	height := l.height + chartTop
	p := panel{title: c.title(), frame: box{point{canvas / 2, top + height/2}, canvas - 4*apart, height}}
	for _, n := range c.nodes {
		p.nodes = append(p.nodes, n.draw(l.places[n[0]].at.plus(point{0, top + chartTop})))
	}
	for i, a := range c.arrows {
		from, to := p.nodes[a.from].box, p.nodes[a.to].box
		drawn := drawnArrow{known: a.known, curve: join(from, to, c.bend(i, l)), label: label(a.lines())}
		if a.from == a.to {
			drawn.curve = loop(from, l.places[c.nodes[a.from][0]].loop)
			drawn.beside = l.places[c.nodes[a.from][0]].loop.times(drawn.label.height/2 + apart)
		}
		p.arrows = append(p.arrows, drawn)
	}
	return p, p.placeLabels()
}

func (n node) draw(at point) text {
	var lines []string
	for _, status := range n {
		lines = append(lines, string(status))
	}
	return text{box{at, widest(lines, textSize)*bold + 24, max(46, float64(len(lines))*lineHeight+16)}, lines}
}

func label(lines []string) text {
	return text{box{width: widest(lines, textSize) + 6, height: float64(len(lines))*lineHeight + 4}, lines}
}

// bend says how far arrow i keeps to the left of the straight line, so that
// all that join the same two nodes are apart.
func (c chart) bend(i int, l layout) float64 {
	a := c.arrows[i]
	var same []int
	for j, other := range c.arrows {
		if other.from == a.from && other.to == a.to || other.from == a.to && other.to == a.from {
			same = append(same, j)
		}
	}
	place := float64(slices.Index(same, i)) - float64(len(same)-1)/2
	if a.from > a.to {
		place = -place // seen from the other end
	}
	return place * max(l.places[c.nodes[a.from][0]].bow, l.places[c.nodes[a.to][0]].bow)
}

// join leads from the edge of one node to that of another, bent to the left.
func join(from, to box, bend float64) curve {
	side := from.center.left(to.center)
	aside := side.times(bend * 2 / 3)
	// The ends are apart too, but stay on the node.
	limit := min(from.height, to.height)/2 - 9
	ends := side.times(max(-limit, min(limit, bend*0.2)))
	first, last := from.center.plus(ends), to.center.plus(ends)
	c := curve{first, first.toward(last, 1./3).plus(aside), first.toward(last, 2./3).plus(aside), last}
	return c.outside(from.grown(1), to.grown(3))
}

// loop leads from a node back to it.
func loop(at box, direction point) curve {
	first, last := at.center.plus(point{-16, 0}), at.center.plus(point{16, 0})
	far := direction.times(at.height/2 + 34)
	c := curve{first, first.plus(far).plus(point{-14, 0}), last.plus(far).plus(point{14, 0}), last}
	return c.outside(at.grown(1), at.grown(3))
}

// placeLabels puts each label on its arrow, as near to the middle as nothing
// else is, the tallest first: they have the least choice.
func (p panel) placeLabels() error {
	room := p.frame
	room.center.y += chartTop / 2
	room.height -= chartTop
	order := make([]int, len(p.arrows))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Compare(p.arrows[j].label.height, p.arrows[i].label.height)
	})
	for n, i := range order {
		if !p.placeLabel(i, order[:n], room.grown(-apart)) {
			return fmt.Errorf("chart %q has no room for the label %q", p.title, p.arrows[i].label.lines)
		}
	}
	return nil
}

func (p panel) placeLabel(i int, placed []int, room box) bool {
	a := &p.arrows[i]
	for step := range 60 {
		t := 0.5 + 0.01*float64((step+1)/2)
		if step%2 == 1 {
			t = 1 - t
		}
		a.label.center = a.curve.at(t).plus(a.beside)
		if a.label.inside(room) && p.free(i, placed) {
			return true
		}
	}
	return false
}

// free says whether label i, with others placed before it, keeps its distance from all but its own arrow, of
// which it leaves the ends to be seen.
func (p panel) free(i int, placed []int) bool {
	own := p.arrows[i]
	around := own.label.grown(apart)
	for _, n := range p.nodes {
		if around.overlaps(n.box) {
			return false
		}
	}
	for j, other := range p.arrows {
		if slices.Contains(placed, j) && around.overlaps(other.label.box) || j != i && other.curve.meets(around) {
			return false
		}
	}
	if own.beside != (point{}) {
		return true
	}
	ends := own.label.grown(arrowhead)
	return !ends.holds(own.curve[0]) && !ends.holds(own.curve[3])
}
