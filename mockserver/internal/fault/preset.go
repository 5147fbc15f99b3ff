package fault

import "time"

// A Preset is a named bundle of rules.
type Preset string

// The presets.
const (
	Flaky       Preset = "flaky"
	Gateway     Preset = "gateway"
	Slow        Preset = "slow"
	RateLimited Preset = "rate_limited"
)

// Presets lists the presets.
func Presets() []Preset { return []Preset{Flaky, Gateway, RateLimited, Slow} }

// A PresetRule is one rule of a preset. The first rule that matches happens.
type PresetRule struct {
	Match  Match
	Action Action
}

// rules are the rules of a preset. Each has its chance from a seed of its own, so that they decide
// independently. Narrowed by a match, they concern only the requests that it names.
func (p Preset) rules(narrowed Match, seed int64) []PresetRule {
	second := "1"
	page := func(name string) *Respond { return &Respond{Catalogue: name} }
	rule := func(probability float64, action Action) PresetRule {
		match := narrowed
		if probability < 1 {
			match.Probability = &probability
		}
		return PresetRule{match, action}
	}
	var rules []PresetRule
	switch p {
	case Flaky:
		rules = []PresetRule{
			rule(0.1, Action{Respond: page("html_503")}),
			rule(0.05, Action{Cut: CutBeforeHeaders}),
			rule(0.05, Action{When: After, Cut: CutBeforeHeaders}),
		}
	case Gateway:
		rules = []PresetRule{
			rule(0.1, Action{Respond: page("html_502")}),
			rule(0.05, Action{Respond: page("html_503"), RetryAfter: &second}),
			rule(0.05, Action{When: After, Respond: page("html_504")}),
		}
	case Slow:
		delay := &Delay{100 * time.Millisecond, 2 * time.Second}
		rules = []PresetRule{
			rule(0.1, Action{Delay: delay, Dribble: 1000}),
			rule(1, Action{Delay: delay}),
		}
	case RateLimited:
		rules = []PresetRule{rule(0.2, Action{Respond: page("request_limit_exceeded"), RetryAfter: &second})}
	}
	for i := range rules {
		own := (seed + int64(i)) & maxSeed
		rules[i].Match.Seed = &own
	}
	return rules
}

// maxSeed is the largest seed, which every JSON reader can tell from its neighbors.
const maxSeed = 1<<53 - 1
