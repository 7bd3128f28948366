package main

import "math"

// point is in pixels, y pointing down.
type point struct{ x, y float64 }

func (p point) plus(q point) point              { return point{p.x + q.x, p.y + q.y} }
func (p point) minus(q point) point             { return point{p.x - q.x, p.y - q.y} }
func (p point) times(f float64) point           { return point{p.x * f, p.y * f} }
func (p point) distance(q point) float64        { return math.Hypot(p.x-q.x, p.y-q.y) }
func (p point) toward(q point, t float64) point { return p.plus(q.minus(p).times(t)) }

// left is the direction to the left of that from p to q, of length 1.
func (p point) left(q point) point {
	d := q.minus(p).times(1 / p.distance(q))
	return point{d.y, -d.x}
}

// box is a rectangle around its centre.
type box struct {
	center        point
	width, height float64
}

func (b box) grown(by float64) box { return box{b.center, b.width + 2*by, b.height + 2*by} }

func (b box) holds(p point) bool {
	return math.Abs(p.x-b.center.x) < b.width/2 && math.Abs(p.y-b.center.y) < b.height/2
}

func (b box) overlaps(o box) bool {
	return math.Abs(b.center.x-o.center.x) < (b.width+o.width)/2 &&
		math.Abs(b.center.y-o.center.y) < (b.height+o.height)/2
}

func (b box) inside(o box) bool {
	return math.Abs(b.center.x-o.center.x) <= (o.width-b.width)/2 &&
		math.Abs(b.center.y-o.center.y) <= (o.height-b.height)/2
}

// curve is a cubic Bézier curve.
type curve [4]point

func (c curve) at(t float64) point {
	a, b, d := c[0].toward(c[1], t), c[1].toward(c[2], t), c[2].toward(c[3], t)
	return a.toward(b, t).toward(b.toward(d, t), t)
}

// samples is in how many pieces a curve is looked at. They are shorter than the
// distances kept.
const samples = 400

// from cuts off what comes before t, to what comes after it.
func (c curve) from(t float64) curve {
	a, b, d := c[0].toward(c[1], t), c[1].toward(c[2], t), c[2].toward(c[3], t)
	e, f := a.toward(b, t), b.toward(d, t)
	return curve{e.toward(f, t), f, d, c[3]}
}

func (c curve) to(t float64) curve {
	back := curve{c[3], c[2], c[1], c[0]}.from(1 - t)
	return curve{back[3], back[2], back[1], back[0]}
}

// outside cuts off both ends as far as they lie in the boxes.
func (c curve) outside(first, last box) curve {
	begin, end := 0, samples
	for begin < samples && first.holds(c.at(float64(begin)/samples)) {
		begin++
	}
	for end > begin && last.holds(c.at(float64(end)/samples)) {
		end--
	}
	t, u := float64(begin)/samples, float64(end)/samples
	if begin == end {
		return c
	}
	return c.to(u).from(t / u)
}

// meets says whether the curve passes through the box.
func (c curve) meets(b box) bool {
	for i := range samples + 1 {
		if b.holds(c.at(float64(i) / samples)) {
			return true
		}
	}
	return false
}
