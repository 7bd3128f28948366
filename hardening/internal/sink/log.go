package sink

import (
	"fmt"
	"io"
	"log"
	"log/slog"
)

func logs() []Sink {
	var all []Sink
	for name, handler := range map[string]func(io.Writer) slog.Handler{
		"slog text ": func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, nil) },
		"slog JSON ": func(w io.Writer) slog.Handler { return slog.NewJSONHandler(w, nil) },
	} {
		for how, show := range map[string]func(l *slog.Logger, v any){
			"argument":  func(l *slog.Logger, v any) { l.Info("m", "k", v) },
			"attribute": func(l *slog.Logger, v any) { l.Info("m", slog.Any("k", v)) },
			"group":     func(l *slog.Logger, v any) { l.Info("m", slog.Group("g", "k", v)) },
			"With":      func(l *slog.Logger, v any) { l.With("k", v).WithGroup("g").Info("m", "k", v) },
			"LogValuer": func(l *slog.Logger, v any) { l.Info("m", "k", valuer{v}) },
			"holder":    func(l *slog.Logger, v any) { l.Info("m", "k", struct{ V any }{v}) },
			"bad key":   func(l *slog.Logger, v any) { l.Info("m", []any{v}...) },
			"message":   func(l *slog.Logger, v any) { l.Info(fmt.Sprint(v)) },
		} {
			all = append(all, Sink{Name: name + how, print: func(w io.Writer, v any) error { show(slog.New(handler(w)), v); return nil }})
		}
	}
	for name, show := range map[string]func(l *log.Logger, v any){
		"log.Print":      func(l *log.Logger, v any) { l.Print(v) },
		"log.Println":    func(l *log.Logger, v any) { l.Println(v) },
		"log.Printf %v":  func(l *log.Logger, v any) { l.Printf("%v", v) },
		"log.Printf %+v": func(l *log.Logger, v any) { l.Printf("%+v", v) },
		"log.Printf %#v": func(l *log.Logger, v any) { l.Printf("%#v", v) },
		"log.Panic":      func(l *log.Logger, v any) { l.Panic(v) },
	} {
		all = append(all, Sink{Name: name, print: func(w io.Writer, v any) error { show(log.New(w, "", log.LstdFlags), v); return nil }})
	}
	return all
}

// valuer hands its value over when it is logged.
type valuer struct{ v any }

func (v valuer) LogValue() slog.Value { return slog.GroupValue(slog.Any("v", v.v)) }
