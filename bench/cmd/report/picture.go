package main

import (
	"image/color"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"

	"github.com/cyclos-go/passwords/bench/internal/peers"
	"github.com/cyclos-go/passwords/bench/internal/work"
)

// colors are those of Okabe and Ito, which colour-blind people tell apart.
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

// picture draws the ratios of the times to ours, a group of points a workload:
// on a logarithmic axis a bar would have no foot to stand on.
func picture(all results, file string) error {
	p := plot.New()
	p.Title.Text = "Time of a call as a multiple of ours (logarithmic; below 1 is faster)"
	p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, ticks{}
	var names []string
	for _, transport := range transports {
		for _, w := range work.All {
			names = append(names, transport+"\n"+w.Name)
		}
	}
	p.NominalX(names...)
	grid := plotter.NewGrid()
	grid.Vertical.Width = 0
	p.Add(grid)
	clients := make([]string, 0, len(colors))
	for _, peer := range peers.All {
		if !peer.Floor {
			clients = append(clients, peer.Name)
		}
	}
	for i, client := range clients {
		var points plotter.XYs
		for t, transport := range transports {
			for j, w := range work.All {
				ratio := all.times(cell{transport, w.Name, client}, cell{transport, w.Name, peers.Ours}, "sec/op")
				x := float64(t*len(work.All)+j) + (float64(i)-float64(len(clients)-1)/2)*0.1
				points = append(points, plotter.XY{X: x, Y: ratio})
			}
		}
		scatter, err := plotter.NewScatter(points)
		if err != nil {
			return err
		}
		scatter.Color, scatter.Radius = colors[i%len(colors)], vg.Points(3.5)
		scatter.Shape = plotutil.Shape(i)
		p.Add(scatter)
		p.Legend.Add(client, scatter)
	}
	p.Legend.Top = true
	p.Legend.Padding = vg.Points(2)
	p.X.Max++ // room for the legend
	p.Y.Min, p.Y.Max = min(p.Y.Min/1.2, 0.4), max(p.Y.Max*1.2, 2.5)
	return p.Save(11*vg.Inch, 5*vg.Inch, file)
}
