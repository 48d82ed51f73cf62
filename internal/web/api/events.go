package api

import (
	"context"
	"encoding/hex"

	"github.com/danielgtaylor/huma/v2"
)

type (
	recordInput struct {
		After int64 `query:"after" minimum:"0" default:"0" doc:"Events after this position."`
		Limit int   `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"How many at a time."`
	}
	recordOutput struct{ Body recordPage }
	recordPage   struct {
		Events []recordedJSON `json:"events"`
		Next   *int64         `json:"next" nullable:"true" doc:"The value of after for the next page; null at the end of the record."`
	}
	recordedJSON struct {
		eventJSON
		Actor    string   `json:"actor"`
		Role     string   `json:"role"`
		Subjects []string `json:"subjects" doc:"All whom it concerns."`
		Chain    string   `json:"chain" doc:"SHA-256 over the chain before it and the row as stored, in hex."`
	}
)

func (a *API) describeRecord(h huma.API) {
	register(a, h, signedIn(operation("read-record", "/record", "The record",
		"For auditors: everything that happened, in order, with its chain. Personal and private values are null.")), a.events)
}

func (a *API) events(ctx context.Context, in *recordInput) (*recordOutput, error) {
	if err := a.allowed(ctx, "GET "+prefix+"/record", ""); err != nil {
		return nil, err
	}
	events, err := a.Record.Events(ctx, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	plain, err := eventsJSON(events)
	if err != nil {
		return nil, err
	}
	page := recordPage{Events: make([]recordedJSON, len(events))}
	for i, e := range events {
		page.Events[i] = recordedJSON{plain[i], e.Actor, e.Role, e.Subjects, hex.EncodeToString(e.Chain[:])}
	}
	if n := len(events); n == in.Limit && events[n-1].Position < a.Record.Position() {
		page.Next = &events[n-1].Position
	}
	return &recordOutput{page}, nil
}
