package discipline

import (
	"testing"
	"time"

	"shingle/internal/act"
)

func reviewing(decision string) Review {
	return Review{Order: "2026-0001", Decision: decision, By: "the interim panel", Reason: act.NewPrivate("", "the sale goes on")}
}

// reviewed continues the suspension that is imposed on 10 August, from 2 November until the last day it may have.
func reviewed() InterimReviewed {
	return InterimReviewed{
		Order: "2026-0001", Member: "0042", Continued: true, By: "the interim panel",
		Reason: act.NewPrivate("order/2026-0001", "the sale goes on"), Until: date("2026-12-31").End(time.UTC), At: noon("2026-11-02"),
	}
}

func TestAnInterimSuspensionIsReviewed(t *testing.T) {
	asking(t, known()).Given(imposed()).When(reviewing("continue"), on("2026-11-02")).Then(reviewed())
	asking(t, known()).Given(imposed(), reviewed()).When(reviewing("continue"), on("2026-11-02")).Nothing()
	early := reviewed()
	early.Until, early.At = date("2026-12-01").End(time.UTC), noon("2026-09-01")
	asking(t, known()).Given(imposed()).When(reviewing("continue"), on("2026-09-01")).Then(early)

	ended := InterimReviewed{Order: "2026-0001", Member: "0042", By: "the interim panel", Reason: early.Reason, At: noon("2026-11-02")}
	lifted := InterimLifted{Order: "2026-0001", Member: "0042", Reason: early.Reason, At: noon("2026-11-02")}
	asking(t, known()).Given(imposed()).When(reviewing("end"), on("2026-11-02")).Then(ended, lifted)
	asking(t, known()).Given(imposed(), ended, lifted).When(reviewing("end"), on("2026-11-02")).Refused(reviewInTime)
}

func TestAReviewIsExplained(t *testing.T) {
	for _, change := range []func(*Review){
		func(r *Review) { r.Decision = "perhaps" }, func(r *Review) { r.By = " " }, func(r *Review) { r.Reason = act.Private{} },
	} {
		cmd := reviewing("continue")
		change(&cmd)
		asking(t, known()).Given(imposed()).When(cmd, on("2026-11-02")).Refused(reviewSaid)
	}
	asking(t, known()).Given(proposed(Suspension), confirmed(Suspension)).When(reviewing("end"), on("2026-11-02")).Refused(interimInForce)
}

func TestWithoutAReviewInTimeItIsOver(t *testing.T) {
	asking(t, known()).Given(imposed()).When(reviewing("continue"), on("2026-11-10")).Events()
	asking(t, known()).Given(imposed()).When(reviewing("continue"), on("2026-11-11")).Refused(reviewInTime)
	asking(t, known()).Given(imposed(), reviewed()).When(reviewing("end"), on("2026-11-11")).Events()
	asking(t, known()).Given(imposed(), reviewed()).When(reviewing("continue"), on("2027-01-01")).Refused(reviewInTime)
}
