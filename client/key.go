package client

import (
	"context"
	"errors"
	"fmt"
)

// A keySource returns the API key of a request. Exactly one of its fields is set.
type keySource struct {
	fixed Secret
	ask   func(context.Context) (string, error)
}

// get returns the API key. With an error it returns the refused key, if there is one, so that the
// error can be kept free of it.
func (s keySource) get(ctx context.Context) (Secret, error) {
	if s.ask == nil {
		return s.fixed, nil
	}
	key, err := s.ask(ctx)
	if err != nil {
		return NewSecret(key), fmt.Errorf("the source of the API key failed: %w", err)
	}
	if key == "" {
		return Secret{}, errors.New("the source of the API key returned no key")
	}
	if err := checkHeaderValue(key); err != nil {
		return NewSecret(key), fmt.Errorf("the API key of the source %w", err)
	}
	return NewSecret(key), nil
}

// resolveAPIKey returns the API key from the options or from env, which is the value of the
// environment variable.
func (cfg *config) resolveAPIKey(env string) (keySource, error) {
	switch {
	case cfg.keySource != nil && !cfg.apiKey.IsZero():
		return keySource{}, errors.New("WithAPIKey and WithAPIKeySource exclude each other")
	case cfg.keySource != nil:
		return keySource{ask: cfg.keySource}, nil
	case !cfg.apiKey.IsZero():
		return keySource{fixed: cfg.apiKey}, nil
	case env == "":
		return keySource{}, errors.New("no API key: use WithAPIKey or set " + EnvAPIKey)
	}
	if err := checkHeaderValue(env); err != nil {
		return keySource{}, fmt.Errorf("the API key in %s %w", EnvAPIKey, err)
	}
	return keySource{fixed: NewSecret(env)}, nil
}
