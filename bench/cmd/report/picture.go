package main

import (
	"bytes"
	"image/color"
	"os"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"github.com/cyclos-go/passwords/bench/internal/peers"
	"github.com/cyclos-go/passwords/bench/internal/workloads"
)

// colors are those of Okabe and Ito, which color-blind people tell apart.
var colors = []color.Color{
	color.RGBA{0x00, 0x00, 0x00, 0xff}, color.RGBA{0x56, 0xb4, 0xe9, 0xff}, color.RGBA{0x00, 0x72, 0xb2, 0xff},
	color.RGBA{0x00, 0x9e, 0x73, 0xff}, color.RGBA{0xe6, 0x9f, 0x00, 0xff}, color.RGBA{0xd5, 0x5e, 0x00, 0xff},
	color.RGBA{0xcc, 0x79, 0xa7, 0xff},
}

// ticks are the ratios the axis names.
type ticks struct{}

func (ticks) Ticks(low, high float64) []plot.Tick {
	var all []plot.Tick
	for _, v := range []float64{0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50} {
		if v >= low && v <= high {
			all = append(all, plot.Tick{Value: v, Label: strconv.FormatFloat(v, 'g', -1, 64)})
		}
	}
	return all
}

// picture draws the ratios of the CPU times to ours, a group of points for each
// workload. On a logarithmic axis, bars would have no base.
func picture(all samples, file string) error {
	plot.DefaultFont = font.Font{Typeface: "Liberation", Variant: "Sans"}
	p := plot.New()
	p.Title.Text = "CPU time of a call as a multiple of ours (logarithmic; below 1 is faster)"
	p.Title.Padding = vg.Points(8)
	p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, ticks{}
	var names []string
	for _, transport := range transports {
		for _, w := range workloads.All {
			names = append(names, strings.ToLower(transport)+"\n"+strings.Replace(w.Name, "-seeded", "\nseeded", 1))
		}
	}
	p.NominalX(names...)
	grid := plotter.NewGrid()
	grid.Vertical.Width = 0
	p.Add(grid)
	legend := plot.NewLegend()
	legend.Top, legend.Left, legend.Padding = true, true, vg.Points(3)
	clients := slices.DeleteFunc(slices.Clone(peers.All), func(p peers.Peer) bool { return p.Name == peers.Floor })
	for i, client := range clients {
		var points errorPoints
		for t, transport := range transports {
			for j, w := range workloads.All {
				at, own := cell(transport, w, client.Name), cell(transport, w, peers.Ours)
				ratio := all.times(at, own, cpu)
				low, high := all.quartiles(at, own, cpu)
				x := float64(t*len(workloads.All)+j) + (float64(i)-float64(len(clients)-1)/2)*0.11
				points.XYs = append(points.XYs, plotter.XY{X: x, Y: ratio})
				points.YErrors = append(points.YErrors, struct{ Low, High float64 }{ratio - low, high - ratio})
			}
		}
		scatter, err := plotter.NewScatter(points)
		if err != nil {
			return err
		}
		bars, err := plotter.NewYErrorBars(points)
		if err != nil {
			return err
		}
		scatter.Color, scatter.Radius, scatter.Shape = colors[i%len(colors)], vg.Points(3.5), plotutil.Shape(i)
		bars.Color, bars.CapWidth = scatter.Color, vg.Points(4)
		p.Add(bars, scatter)
		legend.Add(client.Name, scatter)
	}
	p.Y.Min, p.Y.Max = min(p.Y.Min/1.2, 0.4), max(p.Y.Max*1.2, 2.5)

	// The legend has a column of its own, its text to the right of the markers: a font
	// of another width covers nothing.
	const width, height, column = 12.5 * vg.Inch, 5 * vg.Inch, 2.1 * vg.Inch
	canvas := vgsvg.New(width, height)
	whole := draw.New(canvas)
	p.Draw(draw.Crop(whole, 0, -column, 0, 0))
	legend.Draw(draw.Crop(whole, width-column+vg.Points(8), 0, 0, -vg.Points(30)))
	var svg bytes.Buffer
	if _, err := canvas.WriteTo(&svg); err != nil {
		return err
	}
	text := strings.ReplaceAll(svg.String(), "font-family:Liberation Sans;", "font-family:'Liberation Sans',Arial,Helvetica,sans-serif;")
	return os.WriteFile(file, []byte(text), 0o644)
}

type errorPoints struct {
	plotter.XYs
	plotter.YErrors
}
