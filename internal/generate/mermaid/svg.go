package main

import (
	"bytes"
	"fmt"
	"html"
	"strings"

	"github.com/cyclos-go/passwords/internal/lifecycle"
)

// styles of lines. Colour only repeats what the dashes say.
var styles = []struct {
	known         lifecycle.Known
	class, legend string
	css           string
}{
	{lifecycle.Documented, "documented", "documented", "stroke: #14467c"},
	{lifecycle.Seen, "seen", "seen in clients", "stroke: #8a4600; stroke-dasharray: 14 4 3 4"},
	{lifecycle.Inferred, "inferred", "assumed", "stroke: #8a4600; stroke-dasharray: 5 4"},
}

const description = "Arrows from status to status are named after what happens to the password, with who does it in parentheses. " +
	"Solid arrows are documented, dash-dotted ones were seen in clients, dashed ones are assumed. Statuses in one box behave alike."

// svg writes the picture. It has its own background, so that it can be read on
// any.
func (d drawing) svg() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%.0f" viewBox="0 0 %[1]d %.0[2]f" role="img" aria-labelledby="title description">
<title id="title">Life cycle of a password</title>
<desc id="description">%[3]s</desc>
<style>
text { font-family: "DejaVu Sans", Verdana, Helvetica, Arial, sans-serif; font-size: %.0[4]fpx; fill: #1c1c1c; text-anchor: middle }
.left { text-anchor: start }
.title { font-size: 19px; font-weight: bold; text-anchor: start }
.chart { font-size: 15px; font-weight: bold; text-anchor: start }
.status { font-weight: bold }
.node { fill: #e8eef5; stroke: #3c4a5a; stroke-width: 1.5 }
.frame { fill: #ffffff; stroke: #b4bcc6 }
.label { fill: #ffffff }
path { fill: none; stroke-width: 1.7 }
marker path { stroke: none }
`, canvas, d.height, description, textSize)
	for _, s := range styles {
		fmt.Fprintf(&b, ".%s { %s }\n", s.class, s.css)
	}
	b.WriteString("</style>\n<defs>\n")
	for _, s := range styles {
		color := strings.TrimPrefix(strings.Split(s.css, ";")[0], "stroke: ")
		fmt.Fprintf(&b, `<marker id="to-%s" markerUnits="userSpaceOnUse" markerWidth="12" markerHeight="10" refX="10" refY="5" orient="auto"><path d="M0,0 L11,5 L0,10 Z" style="fill: %s"/></marker>`+"\n", s.class, color)
	}
	fmt.Fprintf(&b, "</defs>\n<rect width=\"%d\" height=\"%.0f\" fill=\"#f7f8fa\"/>\n", canvas, d.height)
	d.legend(&b)
	for _, p := range d.panels {
		p.svg(&b)
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

func (d drawing) legend(b *bytes.Buffer) {
	fmt.Fprintf(b, `<text class="title" x="%.0f" y="34">Life cycle of a password</text>`+"\n", 4*apart)
	x := 4 * apart
	for _, s := range styles {
		fmt.Fprintf(b, `<path class="%s" d="M%.0f,61 h60" marker-end="url(#to-%[1]s)"/><text class="left" x="%.0[3]f" y="66">%[4]s</text>`+"\n",
			s.class, x, x+70, s.legend)
		x += 70 + width(s.legend, textSize) + 30
	}
	fmt.Fprintf(b, `<text class="left" x="%.0f" y="66">(who does it)</text>`+"\n", x)
}

func (p panel) svg(b *bytes.Buffer) {
	fmt.Fprintf(b, "<g>\n%s\n", p.frame.rect("frame", 6))
	left, top := p.frame.center.x-p.frame.width/2, p.frame.center.y-p.frame.height/2
	fmt.Fprintf(b, `<text class="chart" x="%.0f" y="%.0f">%s</text>`+"\n", left+3*apart, top+25, html.EscapeString(p.title))
	for _, a := range p.arrows {
		class := a.class()
		c := a.curve
		fmt.Fprintf(b, `<path class="%s" d="M%.1f,%.1f C%.1f,%.1f %.1f,%.1f %.1f,%.1f" marker-end="url(#to-%[1]s)"/>`+"\n",
			class, c[0].x, c[0].y, c[1].x, c[1].y, c[2].x, c[2].y, c[3].x, c[3].y)
	}
	for _, a := range p.arrows {
		b.WriteString(a.label.rect("label", 3) + "\n")
		a.label.svg(b, "")
	}
	for _, n := range p.nodes {
		b.WriteString(n.rect("node", 12) + "\n")
		n.svg(b, "status")
	}
	b.WriteString("</g>\n")
}

func (a drawnArrow) class() string {
	for _, s := range styles {
		if s.known == a.known {
			return s.class
		}
	}
	return "inferred"
}

func (b box) rect(class string, radius float64) string {
	return fmt.Sprintf(`<rect class="%s" x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="%.0f"/>`,
		class, b.center.x-b.width/2, b.center.y-b.height/2, b.width, b.height, radius)
}

// svg writes the lines, centred in the box.
func (t text) svg(b *bytes.Buffer, class string) {
	if class != "" {
		class = fmt.Sprintf(` class="%s"`, class)
	}
	y := t.center.y - float64(len(t.lines)-1)*lineHeight/2 + textSize*0.36
	for _, line := range t.lines {
		fmt.Fprintf(b, `<text%s x="%.1f" y="%.1f">%s</text>`+"\n", class, t.center.x, y, html.EscapeString(line))
		y += lineHeight
	}
}
