// Reads a case from standard input and judges it by Prometheus's own code: the rules by rulefmt, as `promtool check rules` and the
// Prometheus Operator do, their alerts by the engine of PromQL over given series, and a dashboard by the strict reader of Grafana's
// schema. Prints what was found as JSON.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strings"
	"time"

	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/util/annotations"
)

type input struct {
	Rules     string            `json:"rules"`
	Dashboard json.RawMessage   `json:"dashboard"`
	Cases     map[string]series `json:"cases"`
}

// The notation of promtool's unit tests, one value a minute: {`up{pod="a"}`: "1+0x60"}.
type series map[string]string

type output struct {
	Mistakes []string `json:"mistakes"`
	Groups   int      `json:"groups"`
	Alerts   []string `json:"alerts"`
	// Alerts that fire at the end of each case.
	Firing map[string][]string `json:"firing"`
}

type sample struct {
	t int64
	v float64
}

func (s sample) T() int64                      { return s.t }
func (s sample) F() float64                    { return s.v }
func (s sample) H() *histogram.Histogram       { return nil }
func (s sample) FH() *histogram.FloatHistogram { return nil }
func (s sample) Type() chunkenc.ValueType      { return chunkenc.ValFloat }
func (s sample) Copy() chunks.Sample           { return s }

type querier struct{ all []storage.Series }

func (q querier) Select(_ context.Context, _ bool, _ *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
	found := []storage.Series{}
	for _, each := range q.all {
		matches := true
		for _, m := range matchers {
			matches = matches && m.Matches(each.Labels().Get(m.Name))
		}
		if matches {
			found = append(found, each)
		}
	}
	return &set{found: found, at: -1}
}
func (querier) LabelValues(context.Context, string, *storage.LabelHints, ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return nil, nil, nil
}
func (querier) LabelNames(context.Context, *storage.LabelHints, ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return nil, nil, nil
}
func (querier) Close() error { return nil }

type set struct {
	found []storage.Series
	at    int
}

func (s *set) Next() bool                      { s.at++; return s.at < len(s.found) }
func (s *set) At() storage.Series              { return s.found[s.at] }
func (*set) Err() error                        { return nil }
func (*set) Warnings() annotations.Annotations { return nil }

func load(given series) ([]storage.Series, int, error) {
	all, minutes := []storage.Series{}, 0
	for metric, values := range given {
		name, sequence, err := parser.ParseSeriesDesc(metric + " " + values)
		if err != nil {
			return nil, 0, fmt.Errorf("%s: %w", metric, err)
		}
		samples := []chunks.Sample{}
		for minute, each := range sequence {
			if !each.Omitted {
				samples = append(samples, sample{int64(minute) * 60_000, each.Value})
			}
		}
		if len(sequence) > minutes {
			minutes = len(sequence)
		}
		all = append(all, storage.NewListSeries(name, samples))
	}
	return all, minutes, nil
}

// The alerts that fire in the last minute: those whose expression has had the series in each minute for the time of `for`.
func firing(rules []rulefmt.Rule, given series) ([]string, error) {
	all, minutes, err := load(given)
	if err != nil {
		return nil, err
	}
	engine := promql.NewEngine(promql.EngineOpts{MaxSamples: 10_000_000, Timeout: time.Minute, LookbackDelta: 5 * time.Minute})
	queryable := storage.QueryableFunc(func(int64, int64) (storage.Querier, error) { return querier{all}, nil })
	fire := []string{}
	for _, rule := range rules {
		last := int64(minutes-1) * 60
		first := last - int64(time.Duration(rule.For).Seconds())
		if first < 0 {
			continue
		}
		query, err := engine.NewRangeQuery(context.Background(), queryable, nil, rule.Expr, time.Unix(first, 0), time.Unix(last, 0), time.Minute)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", rule.Alert, err)
		}
		result := query.Exec(context.Background())
		if result.Err != nil {
			return nil, fmt.Errorf("%s: %w", rule.Alert, result.Err)
		}
		matrix, err := result.Matrix()
		if err != nil {
			return nil, err
		}
		for _, each := range matrix {
			if int64(len(each.Floats)) == (last-first)/60+1 {
				fire = append(fire, rule.Alert+each.Metric.String())
			}
		}
		query.Close()
	}
	sort.Strings(fire)
	return fire, nil
}

func main() {
	plugins.RegisterDefaultPlugins()
	var given input
	if err := json.NewDecoder(os.Stdin).Decode(&given); err != nil {
		panic(err)
	}
	found := output{Mistakes: []string{}, Alerts: []string{}, Firing: map[string][]string{}}
	mistake := func(err error) {
		// Grafana's reader returns an empty list of errors where there is none.
		if text := strings.TrimSpace(err.Error()); text != "" {
			found.Mistakes = append(found.Mistakes, text)
		}
	}
	rules := []rulefmt.Rule{}
	groups, errs := rulefmt.Parse([]byte(given.Rules), false, model.LegacyValidation)
	for _, err := range errs {
		mistake(err)
	}
	if len(errs) == 0 {
		found.Groups = len(groups.Groups)
		for _, group := range groups.Groups {
			rules = append(rules, group.Rules...)
		}
	}
	for _, rule := range rules {
		found.Alerts = append(found.Alerts, rule.Alert)
	}
	if len(given.Dashboard) > 0 {
		var read dashboard.Dashboard
		if err := read.UnmarshalJSONStrict(given.Dashboard); err != nil {
			mistake(err)
		} else if err := read.Validate(); err != nil {
			mistake(err)
		}
	}
	for name, each := range given.Cases {
		fire, err := firing(rules, each)
		if err != nil {
			mistake(fmt.Errorf("%s: %w", name, err))
		}
		found.Firing[name] = fire
	}
	if err := json.NewEncoder(os.Stdout).Encode(found); err != nil {
		panic(err)
	}
}
